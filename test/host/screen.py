"""Runs a program in a terminal of 80 x 24 and writes what it wrote there. After -INT it gets a SIGINT at its first word."""

import fcntl
import os
import pty
import signal
import struct
import sys
import termios

argv = sys.argv[1:]
interrupt = argv[0] == "-INT"
if interrupt:
    argv = argv[1:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execv(argv[0], argv)
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    if interrupt:
        interrupt = False
        os.kill(child, signal.SIGINT)
status = os.waitpid(child, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) % 256)
