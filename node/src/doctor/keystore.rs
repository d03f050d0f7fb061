//! The keys that a node has on disk, and what the chain says of them.

use super::rpc::{entry, Rpc};
use codec::Encode;
use hanse_runtime::{AccountId, SessionKeys};
use sp_core::{bytes, crypto::KeyTypeId};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

/// The kinds of keys that an authority has: one to sign blocks, one to finalise them.
pub const KINDS: [(KeyTypeId, &str); 2] =
	[(sp_core::crypto::key_types::AURA, "Aura"), (sp_core::crypto::key_types::GRANDPA, "GRANDPA")];

/// A key in the keystore.
#[derive(Clone, Debug)]
pub struct StoredKey {
	pub kind: KeyTypeId,
	pub public: Vec<u8>,
	/// Whether others than its owner can read the file.
	pub open: bool,
	/// Whose session key it is by the chain's state, and whether it is the one that account has set now.
	pub owner: Option<(AccountId, bool)>,
}

/// The authority keys in the keystore of a chain's directory; what is none of them is left out.
pub fn read(directory: &Path, rpc: &Rpc) -> Result<Vec<StoredKey>, String> {
	let folder = directory.join("keystore");
	if !folder.exists() {
		return Ok(Vec::new());
	}
	let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
	let mut keys = Vec::new();
	for file in fs::read_dir(&folder).map_err(unreadable)? {
		let file = file.map_err(unreadable)?;
		let Some((kind, public)) = file.file_name().to_str().and_then(parse) else { continue };
		let open = file.metadata().map_err(unreadable)?.permissions().mode() & 0o077 != 0;
		let owner = owner(rpc, kind, &public)?;
		keys.push(StoredKey { kind, public, open, owner });
	}
	Ok(keys)
}

/// A keystore's file is called after its key: the kind and the public key in hexadecimal.
fn parse(name: &str) -> Option<(KeyTypeId, Vec<u8>)> {
	let raw = bytes::from_hex(name).ok()?;
	let (kind, public) = raw.split_first_chunk::<4>()?;
	let kind = KeyTypeId(*kind);
	KINDS.iter().any(|(known, _)| *known == kind).then(|| (kind, public.to_vec()))
}

fn owner(rpc: &Rpc, kind: KeyTypeId, public: &[u8]) -> Result<Option<(AccountId, bool)>, String> {
	let key = (kind, public.to_vec()).encode();
	let Some(account) = rpc.storage::<AccountId>(&entry("Session", "KeyOwner", &key))? else {
		return Ok(None);
	};
	let set = rpc.storage::<SessionKeys>(&entry("Session", "NextKeys", &account.encode()))?;
	let current = set.is_some_and(|set| set.encode().chunks(32).any(|one| one == public));
	Ok(Some((account, current)))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_file_is_known_by_its_name() {
		let public = [7; 32];
		let name = format!(
			"{}{}",
			bytes::to_hex(b"aura", false).trim_start_matches("0x"),
			bytes::to_hex(&public, false).trim_start_matches("0x")
		);
		assert_eq!(parse(&name), Some((sp_core::crypto::key_types::AURA, public.to_vec())));
		assert_eq!(parse("696d6f6e00"), None, "a kind that no authority needs");
		assert_eq!(parse("notes.txt"), None);
	}
}
