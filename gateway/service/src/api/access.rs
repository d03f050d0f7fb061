//! Access keys: 256 random bits, shown once, of which only the hash is stored. Each has an institution and a role.

use super::problem::Refusal;
use crate::{
	model::{Delegation, Role},
	store::{Moment, Store, StoreError, now},
};
use axum::{
	extract::FromRequestParts,
	http::{StatusCode, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hanse_chain::{AccountId, InstitutionId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{Row, any::AnyRow};
use std::{collections::HashSet, sync::Arc};

/// What every key begins with, so that scanners of source code find one that got there.
const PREFIX: &str = "hanse_";

/// Who asks: found by the key of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
	pub key: String,
	pub institution: InstitutionId,
	pub role: Role,
	pub till: Option<String>,
}

/// Roles as bits, so that a route names who may use it: `By<{ ISSUER | TILL }>`.
pub const REGISTRAR: u16 = bit(Role::Registrar);
pub const ISSUER: u16 = bit(Role::Issuer);
pub const TILL: u16 = bit(Role::Till);
pub const TREASURER: u16 = bit(Role::Treasurer);
pub const DELEGATE: u16 = bit(Role::Delegate);
pub const READER: u16 = bit(Role::Reader);
pub const ANALYST: u16 = bit(Role::Analyst);
pub const ADMIN: u16 = bit(Role::Admin);
pub const ANY_ROLE: u16 = (1 << 8) - 1;

const fn bit(role: Role) -> u16 {
	1 << role as u16
}

fn names(roles: u16) -> String {
	let names: Vec<_> =
		Role::ALL.into_iter().filter(|role| roles & bit(*role) != 0).map(Role::name).collect();
	names.join(" or ")
}

/// A caller that has one of these roles. It is taken before the body is read.
pub struct By<const ROLES: u16>(pub Caller);

impl<S: Send + Sync, const ROLES: u16> FromRequestParts<S> for By<ROLES> {
	type Rejection = Refusal;

	async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
		match parts.extensions.get::<Arc<Caller>>() {
			None => Err(unauthorized("Send an access key: `Authorization: Bearer hanse_…`.")),
			Some(caller) if ROLES & bit(caller.role) == 0 => Err(Refusal::new(
				StatusCode::FORBIDDEN,
				"role-too-small",
				"The key may not do this",
				format!(
					"It needs a key with the role {}; this one has {}.",
					names(ROLES),
					caller.role.name()
				),
			)),
			Some(caller) => Ok(Self(Caller::clone(caller))),
		}
	}
}

pub fn unauthorized(detail: &str) -> Refusal {
	Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", "Nobody that the gateway knows", detail)
}

/// The key of a request, if it has one.
pub fn bearer(parts: &Parts) -> Option<&str> {
	let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
	let (scheme, key) = value.split_once(' ')?;
	scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// A key as its owner may see it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct KeyInfo {
	pub id: String,
	pub name: String,
	pub role: Role,
	pub till: Option<String>,
	pub created: Moment,
	pub expires: Option<Moment>,
	pub revoked: bool,
}

/// What a new key is for.
#[derive(Clone, Debug)]
pub struct NewKey {
	pub institution: InstitutionId,
	pub role: Role,
	pub till: Option<String>,
	pub name: String,
	/// The wallet that signed in.
	pub account: Option<AccountId>,
	pub expires: Option<Moment>,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
	#[error(
		"the role {} needs the institution's delegate key `{}`, which is not loaded; add it with `hanse-gateway init`",
		.0.name(),
		.1.name()
	)]
	NoDelegate(Role, Delegation),
	#[error("the operating system has no randomness: {0}")]
	Random(String),
	#[error(transparent)]
	Store(#[from] StoreError),
}

/// Access keys in the database.
#[derive(Clone)]
pub struct Access {
	store: Store,
	/// The delegates whose keys are here: a role that needs another one would be of no use.
	loaded: Arc<HashSet<(InstitutionId, Delegation)>>,
}

impl Access {
	pub fn new(store: Store, loaded: impl IntoIterator<Item = (InstitutionId, Delegation)>) -> Self {
		Self { store, loaded: Arc::new(loaded.into_iter().collect()) }
	}

	/// Fails if the role could do nothing here.
	pub fn ensure_useful(&self, institution: InstitutionId, role: Role) -> Result<(), AccessError> {
		match role.needs() {
			Some(delegation) if !self.loaded.contains(&(institution, delegation)) => {
				Err(AccessError::NoDelegate(role, delegation))
			},
			_ => Ok(()),
		}
	}

	/// Makes a key and answers it; it can never be read again.
	pub async fn create(&self, key: NewKey) -> Result<(String, KeyInfo), AccessError> {
		self.ensure_useful(key.institution, key.role)?;
		let mut bytes = [0; 32];
		getrandom::fill(&mut bytes).map_err(|error| AccessError::Random(error.to_string()))?;
		let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
		let info = KeyInfo {
			id: uuid::Uuid::now_v7().to_string(),
			name: key.name,
			role: key.role,
			till: key.till,
			created: now(),
			expires: key.expires,
			revoked: false,
		};
		let mut transaction = self.store.write().await?;
		sqlx::query(
			"INSERT INTO access_keys (id, institution, role, till, name, hash, account, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		)
		.bind(&info.id)
		.bind(i64::from(key.institution))
		.bind(info.role.name())
		.bind(info.till.clone())
		.bind(&info.name)
		.bind(hash(&secret))
		.bind(key.account.map(|account| account.0.to_vec()))
		.bind(info.created)
		.bind(info.expires)
		.execute(&mut *transaction)
		.await
		.map_err(StoreError::from)?;
		transaction.commit().await.map_err(StoreError::from)?;
		Ok((secret, info))
	}

	/// Whose key it is. It is looked up by its hash, of which nobody learns anything by the time that takes.
	pub async fn find(&self, secret: &str) -> Result<Option<Caller>, StoreError> {
		if !secret.starts_with(PREFIX) {
			return Ok(None);
		}
		let row = sqlx::query(
			"SELECT id, institution, role, till FROM access_keys WHERE hash = $1 AND revoked IS NULL AND (expires IS NULL OR expires > $2)",
		)
		.bind(hash(secret))
		.bind(now())
		.fetch_optional(self.store.read())
		.await?;
		let Some(row) = row else { return Ok(None) };
		let caller = Caller {
			key: row.try_get("id")?,
			institution: institution(&row)?,
			role: role(&row)?,
			till: row.try_get("till")?,
		};
		// The delegate's key can have been taken away since.
		Ok(self.ensure_useful(caller.institution, caller.role).is_ok().then_some(caller))
	}

	/// Every key of an institution, the newest last.
	pub async fn list(&self, institution: InstitutionId) -> Result<Vec<KeyInfo>, StoreError> {
		let rows = sqlx::query(
			"SELECT id, name, role, till, created, expires, revoked FROM access_keys WHERE institution = $1 ORDER BY id",
		)
		.bind(i64::from(institution))
		.fetch_all(self.store.read())
		.await?;
		rows.iter()
			.map(|row| {
				Ok(KeyInfo {
					id: row.try_get("id")?,
					name: row.try_get("name")?,
					role: role(row)?,
					till: row.try_get("till")?,
					created: row.try_get("created")?,
					expires: row.try_get("expires")?,
					revoked: row.try_get::<Option<i64>, _>("revoked")?.is_some(),
				})
			})
			.collect()
	}

	/// From now on the key is refused. Whether there was such a key that was good.
	pub async fn revoke(&self, institution: InstitutionId, id: &str) -> Result<bool, StoreError> {
		let mut transaction = self.store.write().await?;
		let done = sqlx::query(
			"UPDATE access_keys SET revoked = $1 WHERE institution = $2 AND id = $3 AND revoked IS NULL",
		)
		.bind(now())
		.bind(i64::from(institution))
		.bind(id)
		.execute(&mut *transaction)
		.await?;
		transaction.commit().await?;
		Ok(done.rows_affected() > 0)
	}
}

fn hash(secret: &str) -> Vec<u8> {
	Sha256::digest(secret.as_bytes()).to_vec()
}

fn institution(row: &AnyRow) -> Result<InstitutionId, StoreError> {
	u32::try_from(row.try_get::<i64, _>("institution")?)
		.map_err(|_| StoreError::Inconsistent("an institution beyond 32 bits".into()))
}

fn role(row: &AnyRow) -> Result<Role, StoreError> {
	let name: String = row.try_get("role")?;
	Role::ALL
		.into_iter()
		.find(|role| role.name() == name)
		.ok_or_else(|| StoreError::Inconsistent(format!("a key with the role {name}")))
}

#[cfg(test)]
mod tests {
	use super::*;

	async fn access(folder: &tempfile::TempDir) -> Access {
		let url = format!("sqlite://{}/db", folder.path().display());
		Access::new(Store::open(&url).await.unwrap(), [(1, Delegation::Issue)])
	}

	fn key(role: Role) -> NewKey {
		NewKey { institution: 1, role, till: None, name: "shop".into(), account: None, expires: None }
	}

	#[tokio::test]
	async fn a_key_is_found_until_it_is_revoked() {
		let folder = tempfile::tempdir().unwrap();
		let access = access(&folder).await;
		let (secret, info) = access.create(key(Role::Issuer)).await.unwrap();
		let caller = access.find(&secret).await.unwrap().unwrap();
		assert_eq!((caller.institution, caller.role), (1, Role::Issuer));
		assert_eq!(access.find(&secret[..secret.len() - 1]).await.unwrap(), None);
		assert!(!access.revoke(2, &info.id).await.unwrap(), "another institution's");
		assert!(access.revoke(1, &info.id).await.unwrap());
		assert_eq!(access.find(&secret).await.unwrap(), None);
		assert!(access.list(1).await.unwrap()[0].revoked);
	}

	#[tokio::test]
	async fn a_role_needs_its_delegate() {
		let folder = tempfile::tempdir().unwrap();
		let access = access(&folder).await;
		let refused = access.create(key(Role::Till)).await.unwrap_err();
		assert!(refused.to_string().contains("`cashier`"), "{refused}");
		access.create(key(Role::Reader)).await.unwrap();
	}

	#[tokio::test]
	async fn a_key_whose_time_is_over_is_refused() {
		let folder = tempfile::tempdir().unwrap();
		let access = access(&folder).await;
		let (secret, _) =
			access.create(NewKey { expires: Some(now() - 1), ..key(Role::Admin) }).await.unwrap();
		assert_eq!(access.find(&secret).await.unwrap(), None);
	}
}
