/** Where the events of a region are heard, from the one after `after` on. */
export function addressOf(region: string, after: string): string {
  return `/v1/events?${new URLSearchParams({ ...(region ? { region } : {}), ...(after ? { after } : {}) }).toString()}`;
}
