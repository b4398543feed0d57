"""Ports on the loopback interface that nobody uses."""

import random
import socket

_BELOW_THE_KERNELS = range(18_000, 32_000)  # from 32768 on the kernel hands them out to outgoing connections


def free_ports(count: int) -> list[int]:
    candidates = iter(random.sample(_BELOW_THE_KERNELS, len(_BELOW_THE_KERNELS)))
    return [next(port for port in candidates if is_free(port)) for _ in range(count)]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
