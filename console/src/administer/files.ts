// Files of terms: read as text, written as text.
import { client } from "../api/client";

const toml = { headers: { "Content-Type": "application/toml" }, bodySerializer: (body: unknown) => body as string } as const;

export async function schemeFile(scheme: string, version: string): Promise<string> {
  const { data } = await client.GET("/v1/schemes/{scheme}/file", { params: { path: { scheme }, query: { version } }, parseAs: "text" });
  return data as unknown as string;
}

export async function addScheme(text: string, key: string) {
  const { data } = await client.POST("/v1/schemes", { params: { header: { "Idempotency-Key": key } }, body: text as never, ...toml });
  return data!;
}

export async function practiceFile(): Promise<{ text: string; version: string }> {
  const { data, response } = await client.GET("/v1/practice/file", { parseAs: "text" });
  return { text: data as unknown as string, version: response.headers.get("ETag") ?? "" };
}

export async function writePractice(text: string, version: string, key: string) {
  const { data } = await client.PUT("/v1/practice", { params: { header: { "Idempotency-Key": key, "If-Match": version } }, body: text as never, ...toml });
  return data!;
}
