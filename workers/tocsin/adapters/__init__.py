"""The ports on real parts: Redis, HTTP, SMTP, files."""
