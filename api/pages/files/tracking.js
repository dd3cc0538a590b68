// The customer's page keeps itself fresh while nobody is writing on it; without script it is read again by hand.
"use strict";

let touched = false;
document.addEventListener("input", () => {
  touched = true;
});
window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
setInterval(() => !touched && !document.hidden && window.location.reload(), 60000);
