"""The ways out: mail, messages over HTTP, addresses looked up, ways measured."""
