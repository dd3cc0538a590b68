// Name and password; the session comes as a cookie no script can read.
import { useEffect, useState } from "react";
import { client, Problem } from "../api/client";
import { useSpoken } from "../text";

export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const { say } = useSpoken();
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const [company, setCompany] = useState(false);
  useEffect(() => {
    // Without an answer the form stands alone: a password always does.
    client.GET("/v1/session/ways").then((found) => setCompany(found.data?.company ?? false), () => undefined);
  }, []);
  const enter = async (form: FormData) => {
    setBusy(true);
    setRefused("");
    try {
      await client.POST("/v1/session", { body: { name: String(form.get("name")), password: String(form.get("password")) } });
      onSignedIn();
    } catch (error) {
      setRefused(error instanceof Problem ? error.message : say("sign_in.failed"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="sign-in" onSubmit={(event) => { event.preventDefault(); void enter(new FormData(event.currentTarget)); }}>
      <h1>{say("sign_in.title")}</h1>
      <label>{say("sign_in.name")}<input name="name" autoComplete="username" required autoFocus maxLength={200} /></label>
      <label>{say("sign_in.password")}<input name="password" type="password" autoComplete="current-password" required maxLength={200} /></label>
      <p role="alert" className="refused">{refused}</p>
      <button type="submit" className="main" disabled={busy}>{say("sign_in.enter")}</button>
      {company && <p><a href="/v1/session/company">{say("sign_in.company")}</a></p>}
    </form>
  );
}
