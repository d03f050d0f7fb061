//! Keys that act for institutions: they are read once, at the start, and never written or logged.

use crate::{
	config::{Config, KeySource},
	model::Delegation,
};
use hanse_chain::{AccountId, InstitutionId};
use std::{
	collections::HashMap,
	fmt, fs,
	os::unix::fs::PermissionsExt,
	path::{Path, PathBuf},
	str::FromStr,
};
use subxt_signer::{SecretUri, polkadot_js_compat, sr25519::Keypair};

/// A secret from which commitments or tags are made.
pub type Secret = [u8; 32];

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
	#[error("{} cannot be read: {error}", path.display())]
	Unreadable { path: PathBuf, error: std::io::Error },
	#[error("{} can be read by others: do `chmod 600 {}`", path.display(), path.display())]
	Open { path: PathBuf },
	#[error("{} is no key as polkadot-js exports it, or the passphrase is another: {error}", path.display())]
	Json { path: PathBuf, error: polkadot_js_compat::Error },
	#[error(
		"{of}: a seed phrase or //NAME is for development chains only, and this is none: write file = … instead"
	)]
	NotForThisChain { of: String },
	#[error("{of}: the uri is no seed phrase and no //NAME")]
	Uri { of: String },
	#[error("{} is no secret of 32 bytes in hexadecimal digits: `hanse-gateway init` makes one", path.display())]
	Secret { path: PathBuf },
	#[error("{of}: the environment has no variable {name}: set it, or use passphrase_file")]
	NoVariable { of: String, name: String },
	#[error(
		"{of}: there are no systemd credentials: start the gateway by a unit with LoadCredential={name}:FILE"
	)]
	NoCredentials { of: String, name: String },
	#[error("{of} is nowhere")]
	Nowhere { of: String },
	#[error("{first} and {second} are the same account: each lane needs a key of its own")]
	Shared { first: String, second: String },
}

/// The keys of all institutions of this process.
#[derive(Default)]
pub struct Keys {
	signers: HashMap<(InstitutionId, Delegation), Keypair>,
	orders: HashMap<InstitutionId, Secret>,
	tags: HashMap<InstitutionId, Secret>,
}

impl fmt::Debug for Keys {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let signers = self.signers.iter().map(|(lane, key)| (lane, account(key)));
		f.debug_map().entries(signers).finish()
	}
}

impl Keys {
	/// Reads them all. `development`: whether the chain says that it is a development or a local one.
	pub fn open(config: &Config, development: bool) -> Result<Self, KeyError> {
		let mut keys = Self::default();
		for institution in &config.institutions {
			keys.orders.insert(institution.id, secret(&institution.order_key)?);
			if let Some(path) = &institution.tag_key {
				keys.tags.insert(institution.id, secret(path)?);
			}
			for (delegation, source) in &institution.keys {
				let of = name(institution.id, *delegation);
				keys.signers.insert((institution.id, *delegation), read(&of, source, development)?);
			}
		}
		keys.distinct()?;
		Ok(keys)
	}

	/// Two lanes with one key would count its nonces twice.
	fn distinct(&self) -> Result<(), KeyError> {
		let mut seen: HashMap<[u8; 32], String> = HashMap::new();
		for ((institution, delegation), key) in &self.signers {
			let second = name(*institution, *delegation);
			if let Some(first) = seen.insert(key.public_key().0, second.clone()) {
				return Err(KeyError::Shared { first, second });
			}
		}
		Ok(())
	}

	/// The key of a lane, if this process has it.
	pub fn signer(&self, institution: InstitutionId, delegation: Delegation) -> Option<&Keypair> {
		self.signers.get(&(institution, delegation))
	}

	/// The account of a lane.
	pub fn delegate(&self, institution: InstitutionId, delegation: Delegation) -> Option<AccountId> {
		self.signer(institution, delegation).map(account)
	}

	/// All lanes of this process, in order.
	pub fn lanes(&self) -> Vec<(InstitutionId, Delegation)> {
		let mut lanes: Vec<_> = self.signers.keys().copied().collect();
		lanes.sort();
		lanes
	}

	/// The institutions that this process knows, in order.
	pub fn institutions(&self) -> Vec<InstitutionId> {
		let mut known: Vec<_> = self.orders.keys().copied().collect();
		known.sort_unstable();
		known
	}

	/// From what an institution's commitments of orders and customers are made.
	pub fn order_key(&self, institution: InstitutionId) -> Option<&Secret> {
		self.orders.get(&institution)
	}

	/// From what tags of persons are made; the members share it.
	pub fn tag_key(&self, institution: InstitutionId) -> Option<&Secret> {
		self.tags.get(&institution)
	}

	/// For tests: keys that are there already.
	pub fn insert(&mut self, institution: InstitutionId, delegation: Delegation, key: Keypair) {
		self.signers.insert((institution, delegation), key);
	}

	/// For tests: an institution's order key and tag key.
	pub fn insert_secrets(&mut self, institution: InstitutionId, order: Secret, tag: Option<Secret>) {
		self.orders.insert(institution, order);
		if let Some(tag) = tag {
			self.tags.insert(institution, tag);
		}
	}
}

/// The account of a key.
pub fn account(key: &Keypair) -> AccountId {
	AccountId(key.public_key().0)
}

fn name(institution: InstitutionId, delegation: Delegation) -> String {
	format!("institution {institution}'s key {}", delegation.name())
}

fn read(of: &str, source: &KeySource, development: bool) -> Result<Keypair, KeyError> {
	match (&source.uri, &source.file) {
		(Some(uri), _) => {
			if !development {
				return Err(KeyError::NotForThisChain { of: of.to_owned() });
			}
			from_uri(uri).ok_or_else(|| KeyError::Uri { of: of.to_owned() })
		},
		(None, Some(path)) => {
			let json = private(path)?;
			let passphrase = passphrase(of, source)?;
			polkadot_js_compat::decrypt_json(&json, &passphrase)
				.map_err(|error| KeyError::Json { path: path.clone(), error })
		},
		(None, None) => Err(KeyError::Nowhere { of: of.to_owned() }),
	}
}

/// A key by its seed phrase or development name.
pub fn from_uri(uri: &str) -> Option<Keypair> {
	Keypair::from_uri(&SecretUri::from_str(uri).ok()?).ok()
}

fn passphrase(of: &str, source: &KeySource) -> Result<String, KeyError> {
	let text = if let Some(path) = &source.passphrase_file {
		private(path)?
	} else if let Some(name) = &source.passphrase_env {
		std::env::var(name).map_err(|_| KeyError::NoVariable { of: of.to_owned(), name: name.clone() })?
	} else if let Some(name) = &source.passphrase_credential {
		let folder = std::env::var_os("CREDENTIALS_DIRECTORY")
			.ok_or_else(|| KeyError::NoCredentials { of: of.to_owned(), name: name.clone() })?;
		// systemd makes them readable for the unit alone.
		content(&Path::new(&folder).join(name))?
	} else {
		String::new()
	};
	Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// 32 bytes in hexadecimal digits.
pub fn secret(path: &Path) -> Result<Secret, KeyError> {
	let mut bytes = [0; 32];
	let text = private(path)?;
	let digits = text.trim();
	hex::decode_to_slice(digits.strip_prefix("0x").unwrap_or(digits), &mut bytes)
		.map_err(|_| KeyError::Secret { path: path.to_owned() })?;
	Ok(bytes)
}

/// The text of a file that nobody but its owner may read.
pub fn private(path: &Path) -> Result<String, KeyError> {
	let unreadable = |error| KeyError::Unreadable { path: path.to_owned(), error };
	let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode();
	if mode & 0o077 != 0 {
		return Err(KeyError::Open { path: path.to_owned() });
	}
	content(path)
}

fn content(path: &Path) -> Result<String, KeyError> {
	fs::read_to_string(path).map_err(|error| KeyError::Unreadable { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::config::{Institution, Overrides};

	fn write(path: &Path, text: &str, mode: u32) {
		fs::write(path, text).unwrap();
		fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
	}

	fn config(folder: &Path, keys: &str) -> Config {
		write(&folder.join("order.key"), &"ab".repeat(32), 0o600);
		let text = format!("[[institutions]]\nid = 1\norder_key = \"order.key\"\n{keys}");
		Config::parse(&text, folder, Overrides::default()).unwrap()
	}

	#[test]
	fn a_development_name_is_a_key_on_a_development_chain_only() {
		let folder = tempfile::tempdir().unwrap();
		let config = config(folder.path(), "[institutions.keys.issue]\nuri = \"//Alice//issue\"\n");
		let keys = Keys::open(&config, true).unwrap();
		assert!(keys.signer(1, Delegation::Issue).is_some());
		assert!(keys.signer(1, Delegation::Cashier).is_none());
		assert!(keys.signer(2, Delegation::Issue).is_none());
		assert_eq!(keys.order_key(1), Some(&[0xab; 32]));
		let error = Keys::open(&config, false).unwrap_err();
		assert!(matches!(error, KeyError::NotForThisChain { .. }), "{error}");
	}

	#[test]
	fn a_file_that_others_can_read_is_refused() {
		let folder = tempfile::tempdir().unwrap();
		let config = config(folder.path(), "");
		write(&folder.path().join("order.key"), &"ab".repeat(32), 0o640);
		let error = Keys::open(&config, true).unwrap_err().to_string();
		assert!(error.contains("chmod 600"), "{error}");
	}

	#[test]
	fn one_key_for_two_lanes_is_refused() {
		let folder = tempfile::tempdir().unwrap();
		let keys = "[institutions.keys.issue]\nuri = \"//A\"\n[institutions.keys.cashier]\nuri = \"//A\"\n";
		let error = Keys::open(&config(folder.path(), keys), true).unwrap_err();
		assert!(matches!(error, KeyError::Shared { .. }), "{error}");
	}

	#[test]
	fn an_institution_without_keys_reads_only() {
		let folder = tempfile::tempdir().unwrap();
		let config = config(folder.path(), "");
		let Institution { id, .. } = config.institutions[0];
		assert!(Keys::open(&config, false).unwrap().lanes().is_empty());
		assert_eq!(id, 1);
	}
}
