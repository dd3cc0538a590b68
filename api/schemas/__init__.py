"""Shapes of requests and answers over HTTP, by subject: `...In` what is asked, `...Out` what is said."""
