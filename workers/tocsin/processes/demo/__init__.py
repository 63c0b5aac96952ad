"""The demo: two newspapers, a mail server and a webhook receiver around a real `tocsin run`."""
