// runc-fit stands in front of runc where the host itself lacks a capability (CAP_SYS_RESOURCE in some containers and virtual machines).
// There `docker run --privileged` fails with "unable to apply caps: operation not permitted", since runc is asked for
// a capability that nobody has. The shim takes from the request whatever the host has not, then becomes runc.
package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// In the kernel's order: the index is the bit in CapBnd.
var names = strings.Fields(`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
	NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT
	SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
	MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`)

func main() {
	missing := missingCapabilities()
	for i, argument := range os.Args {
		value := ""
		if at := strings.Index(argument, "="); at > 0 {
			argument, value = argument[:at], argument[at+1:]
		} else if i+1 < len(os.Args) {
			value = os.Args[i+1]
		}
		switch argument {
		case "--bundle", "-b":
			rewrite(filepath.Join(value, "config.json"), "process", missing)
		case "--process", "-p":
			rewrite(value, "", missing)
		}
	}
	runc, err := exec.LookPath("runc")
	if err == nil {
		err = syscall.Exec(runc, append([]string{"runc"}, os.Args[1:]...), os.Environ())
	}
	os.Stderr.WriteString("runc-fit: " + err.Error() + "\n")
	os.Exit(1)
}

func missingCapabilities() map[string]bool {
	missing := map[string]bool{}
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if value, found := strings.CutPrefix(line, "CapBnd:"); found {
			bits, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64)
			for bit, name := range names {
				missing["CAP_"+name] = err == nil && bits&(1<<bit) == 0
			}
		}
	}
	return missing
}

// rewrite takes the missing capabilities out of a file that holds an OCI process, at `key` or at its root. A file that
// can't be read or parsed is left to runc, whose message is the better one.
func rewrite(file, key string, missing map[string]bool) {
	text, err := os.ReadFile(file)
	var document map[string]any
	if err != nil || json.Unmarshal(text, &document) != nil {
		return
	}
	process := document
	if key != "" {
		process, _ = document[key].(map[string]any)
	}
	sets, _ := process["capabilities"].(map[string]any)
	for set, value := range sets {
		kept := []any{}
		list, _ := value.([]any)
		for _, capability := range list {
			if name, _ := capability.(string); !missing[name] {
				kept = append(kept, capability)
			}
		}
		sets[set] = kept
	}
	if text, err = json.Marshal(document); err == nil {
		_ = os.WriteFile(file, text, 0o600)
	}
}
