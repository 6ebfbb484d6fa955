"""What must ask the outside. Its answers arrive in the layers below as values; nothing below imports it."""
