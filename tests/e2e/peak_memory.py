"""Runs a command and prints its peak memory in MB; exits with the command's status.

usage: peak_memory.py COMMAND [ARGUMENT...]
"""

import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                        check=False).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(status)
