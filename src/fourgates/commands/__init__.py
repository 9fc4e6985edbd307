"""What can be asked for at the terminal, one module a noun (命令)."""
