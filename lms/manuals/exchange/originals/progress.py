"""What the child process says while it works: a line for each page, on its standard output."""


def tell_page(done: int, total: int) -> None:
    print(f"page {done} {total}", flush=True)  # noqa: T201 - read by running.py
