//! Accounts, written as everybody writes them.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use subxt::utils::AccountId32;

/// An account of the chain; in text and JSON by its SS58 address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(pub [u8; 32]);

impl fmt::Display for AccountId {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		AccountId32(self.0).fmt(f)
	}
}

impl fmt::Debug for AccountId {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		AccountId32(self.0).fmt(f)
	}
}

impl FromStr for AccountId {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let account =
			AccountId32::from_str(text).map_err(|_| format!("{text} is no address of an account"))?;
		Ok(Self(account.0))
	}
}

impl TryFrom<String> for AccountId {
	type Error = String;

	fn try_from(text: String) -> Result<Self, String> {
		text.parse()
	}
}

impl From<AccountId> for String {
	fn from(account: AccountId) -> Self {
		account.to_string()
	}
}

impl From<AccountId32> for AccountId {
	fn from(account: AccountId32) -> Self {
		Self(account.0)
	}
}

impl From<AccountId> for AccountId32 {
	fn from(account: AccountId) -> Self {
		Self(account.0)
	}
}
