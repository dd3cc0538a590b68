"""Time, calendars, ids, money, places and refusals: what every rule stands on."""
