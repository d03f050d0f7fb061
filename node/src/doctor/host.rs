//! What this machine, or the container, gives a node. Linux says it in files; elsewhere nothing is said.

use std::{fs, path::Path};

#[derive(Clone, Debug, Default)]
pub struct Host {
	/// Files that a process may have open.
	pub open_files: Option<u64>,
	/// Bytes of memory that the container may use.
	pub memory: Option<u64>,
	/// Bytes that are free where the node's data is, and all there are.
	pub disk: Option<(u64, u64)>,
}

pub fn look(directory: Option<&Path>) -> Host {
	Host {
		open_files: fs::read_to_string("/proc/self/limits").ok().and_then(|text| open_files(&text)),
		memory: fs::read_to_string("/sys/fs/cgroup/memory.max")
			.ok()
			.and_then(|text| text.trim().parse().ok()),
		disk: directory.and_then(disk),
	}
}

/// The soft limit on open files, from what `/proc/self/limits` says.
fn open_files(limits: &str) -> Option<u64> {
	let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
	line.split_whitespace().nth(3)?.parse().ok()
}

fn disk(directory: &Path) -> Option<(u64, u64)> {
	// The directory is made when the node starts; until then what is above it counts.
	let there = directory.ancestors().find(|path| path.exists())?;
	Some((fs4::available_space(there).ok()?, fs4::total_space(there).ok()?))
}

/// Whether something listens on `port` for other machines too; `None` where that cannot be seen.
pub fn listens_to_all(port: u16) -> Option<bool> {
	let tables: Vec<_> = ["/proc/net/tcp", "/proc/net/tcp6"].iter().flat_map(fs::read_to_string).collect();
	if tables.is_empty() {
		return None;
	}
	Some(tables.iter().flat_map(|table| table.lines().skip(1)).any(|line| is_open_listener(line, port)))
}

/// A line of the kernel's table: `0: 0100007F:26D8 00000000:0000 0A …`; state `0A` listens, and the address is loopback
/// if it ends in 127 (IPv4, in this byte order) or is `::1`.
fn is_open_listener(line: &str, port: u16) -> bool {
	let mut columns = line.split_whitespace().skip(1);
	let (Some(local), Some(_), Some(state)) = (columns.next(), columns.next(), columns.next()) else {
		return false;
	};
	let Some((address, at)) = local.rsplit_once(':') else { return false };
	let loopback =
		address.ends_with("7F") && address.len() == 8 || address == "00000000000000000000000001000000";
	state == "0A" && u16::from_str_radix(at, 16) == Ok(port) && !loopback
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_limit_on_open_files_is_the_soft_one() {
		let text = "Limit                     Soft Limit           Hard Limit           Units\n\
			Max processes             95000                95000                processes\n\
			Max open files            1024                 1048576              files\n";
		assert_eq!(open_files(text), Some(1024));
		assert_eq!(open_files("nothing of it"), None);
	}

	#[test]
	fn a_listener_is_open_unless_it_is_on_loopback() {
		let line =
			|address: &str, state: &str| format!("0: {address}:26D8 00000000:0000 {state} 00000000:00000000");
		assert!(is_open_listener(&line("00000000", "0A"), 9944));
		assert!(is_open_listener(&line("00000000000000000000000000000000", "0A"), 9944));
		assert!(!is_open_listener(&line("0100007F", "0A"), 9944), "loopback");
		assert!(!is_open_listener(&line("00000000000000000000000001000000", "0A"), 9944), "loopback of IPv6");
		assert!(!is_open_listener(&line("00000000", "01"), 9944), "a connection");
		assert!(!is_open_listener(&line("00000000", "0A"), 9945), "another port");
	}
}
