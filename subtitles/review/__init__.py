"""The review desk, where a person checks what a machine heard."""
