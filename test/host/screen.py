"""Runs a program in a terminal of 80 x 24 and writes what it wrote there: argv is the program's; a first -INT is sent a SIGINT."""

import fcntl
import os
import pty
import signal
import struct
import sys
import termios
import time

argv = sys.argv[1:]
interrupt = argv[0] == "-INT"
if interrupt:
    argv = argv[1:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execv(argv[0], argv)
if interrupt:
    time.sleep(1.5)
    os.kill(child, signal.SIGINT)
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
status = os.waitpid(child, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) % 256)
