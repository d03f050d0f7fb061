//! Keys in files, as polkadot-js exports and imports them.

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_secretbox::{
	Key, Nonce, XSalsa20Poly1305,
	aead::{Aead, KeyInit},
};
use hanse_chain::AccountId;
use schnorrkel::{ExpansionMode, MiniSecretKey};
use serde_json::json;
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use super::Failure;

/// The parameters of scrypt that polkadot-js takes: log₂ N, r, p.
const SCRYPT: (u8, u32, u32) = (15, 8, 1);
/// How it frames an Ed25519 key of PKCS #8, which it keeps for keys of sr25519 too.
const HEADER: [u8; 16] = [48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
const DIVIDER: [u8; 5] = [161, 35, 3, 33, 0];

/// So many random bytes.
pub fn random<const N: usize>() -> Result<[u8; N], Failure> {
	let mut bytes = [0; N];
	getrandom::fill(&mut bytes)?;
	Ok(bytes)
}

/// A new key, as the text of its file, and its account.
pub fn new(name: &str, passphrase: &str) -> Result<(String, AccountId), Failure> {
	let unusable = || Failure::Failed("a key could not be made: run it again".into());
	let key = MiniSecretKey::from_bytes(&random::<32>()?).map_err(|_| unusable())?;
	let pair = key.expand_to_keypair(ExpansionMode::Ed25519);
	let (secret, public) = (pair.secret.to_ed25519_bytes(), pair.public.to_bytes());
	let plain = [&HEADER[..], &secret, &DIVIDER, &public].concat();

	let (log_n, r, p) = SCRYPT;
	let (salt, nonce) = (random::<32>()?, random::<24>()?);
	let params = scrypt::Params::new(log_n, r, p, 32).map_err(|_| unusable())?;
	let mut key = Key::default();
	scrypt::scrypt(passphrase.as_bytes(), &salt, &params, &mut key).map_err(|_| unusable())?;
	let sealed = XSalsa20Poly1305::new(&key)
		.encrypt(Nonce::from_slice(&nonce), plain.as_slice())
		.map_err(|_| unusable())?;
	let numbers = [1u32 << log_n, p, r].map(u32::to_le_bytes).concat();
	let encoded = [&salt[..], &numbers, &nonce, &sealed].concat();

	let account = AccountId(public);
	let file = json!({
		"encoded": STANDARD.encode(encoded),
		"encoding": {
			"content": ["pkcs8", "sr25519"],
			"type": ["scrypt", "xsalsa20-poly1305"],
			"version": "3",
		},
		"address": account,
		"meta": { "name": name },
	});
	Ok((format!("{file:#}\n"), account))
}

/// The account of a key's file, which everybody may know who may read the file.
pub fn account(text: &str) -> Option<AccountId> {
	let file: serde_json::Value = serde_json::from_str(text).ok()?;
	file.get("address")?.as_str()?.parse().ok()
}

/// Writes a file that is not there, for its owner alone.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
	let failed =
		|error: std::io::Error| Failure::Failed(format!("{} cannot be written ({error})", path.display()));
	let mut file =
		fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
	file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

#[cfg(test)]
mod tests {
	use super::*;
	use subxt_signer::polkadot_js_compat::decrypt_json;

	#[test]
	fn a_key_is_opened_by_its_passphrase_alone() {
		let (text, made) = new("issue of 1", "correct horse").unwrap();
		let key = decrypt_json(&text, "correct horse").unwrap();
		assert_eq!(AccountId(key.public_key().0), made);
		assert_eq!(account(&text), Some(made));
		assert!(decrypt_json(&text, "wrong").is_err());
	}

	#[test]
	fn a_file_is_never_overwritten() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("a.key");
		write(&path, "one").unwrap();
		assert!(write(&path, "two").is_err());
		assert_eq!(crate::keys::private(&path).unwrap(), "one");
	}
}
