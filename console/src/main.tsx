import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./theme.css";
import { App } from "./shell/App";

createRoot(document.getElementById("page")!).render(<StrictMode><App /></StrictMode>);
