//! People sign in with a wallet: they have the role that the chain says the institution gave them.

use super::super::{
	App,
	access::{ANY_ROLE, AccessError, By, NewKey},
	chain::found,
	json::body,
	post::Body,
	problem::Refusal,
	values::{Address, Signature, Text},
};
use crate::{
	model::{Hash, Role},
	store::{Moment, now},
};
use axum::{Json, extract::State, http::StatusCode};
use hanse_chain::{AccountId, hanse::proxy::calls::add_proxy::ProxyType};
use serde::Serialize;
use sqlx::Row;
use subxt_signer::sr25519;

/// Milliseconds for which a challenge is good.
const CHALLENGE: Moment = 5 * 60 * 1000;
/// Milliseconds for which somebody is signed in.
const SESSION: Moment = 60 * 60 * 1000;

body! {
	/// Who wants to sign in.
	pub struct ChallengeBody {
		/// The institution for which.
		#[schema(example = 1)]
		pub institution: u32,
		/// The account of the wallet.
		pub account: Address,
	}
}

/// What the wallet signs.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Challenge {
	pub id: String,
	/// What the wallet shows: it signs this between `<Bytes>` and `</Bytes>`, as `signRaw` does.
	pub message: String,
	/// Milliseconds since 1970.
	pub expires: Moment,
}

/// Ask for what a wallet signs to sign in.
#[utoipa::path(
	post,
	path = "/v1/sign-in/challenges",
	tag = "access",
	request_body = ChallengeBody,
	responses((status = 200, body = Challenge))
)]
pub async fn challenge(
	State(app): State<App>,
	Body(body): Body<ChallengeBody>,
) -> Result<Json<Challenge>, Refusal> {
	let ChallengeBody { institution, account: Address(account) } = body;
	let (id, expires) = (uuid::Uuid::now_v7().to_string(), now() + CHALLENGE);
	let mut nonce = [0; 16];
	getrandom::fill(&mut nonce).map_err(|error| {
		tracing::error!(%error, "the operating system has no randomness");
		Refusal::internal()
	})?;
	let message = format!(
		"Sign in to the Hanse gateway\nchain: {}\ninstitution: {institution}\naccount: {account}\nnonce: {}\nuntil: {expires}",
		String::from(Hash(app.node.genesis())),
		hex::encode(nonce),
	);
	let mut transaction = app.store.write().await?;
	sqlx::query("DELETE FROM challenges WHERE expires < $1").bind(now()).execute(&mut *transaction).await?;
	sqlx::query(
		"INSERT INTO challenges (id, institution, account, message, expires) VALUES ($1, $2, $3, $4, $5)",
	)
	.bind(&id)
	.bind(i64::from(institution))
	.bind(account.0.to_vec())
	.bind(&message)
	.bind(expires)
	.execute(&mut *transaction)
	.await?;
	transaction.commit().await?;
	Ok(Json(Challenge { id, message, expires }))
}

body! {
	/// A signed challenge.
	pub struct SignInBody {
		/// The challenge's id.
		pub challenge: Text,
		pub signature: Signature,
	}
}

/// Somebody who is signed in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
	/// An access key, until `expires`.
	pub key: String,
	pub institution: u32,
	pub role: Role,
	/// Milliseconds since 1970.
	pub expires: Moment,
}

/// Sign in with a wallet.
#[utoipa::path(
	post,
	path = "/v1/sign-in",
	tag = "access",
	request_body = SignInBody,
	responses((status = 200, body = Session))
)]
pub async fn sign_in(State(app): State<App>, Body(body): Body<SignInBody>) -> Result<Json<Session>, Refusal> {
	let unknown = || {
		Refusal::not_found(
			"There is no such challenge: it is good once and for five minutes. Ask for a new one.",
		)
	};
	let mut transaction = app.store.write().await?;
	let row =
		sqlx::query("DELETE FROM challenges WHERE id = $1 RETURNING institution, account, message, expires")
			.bind(&body.challenge.0)
			.fetch_optional(&mut *transaction)
			.await?
			.ok_or_else(unknown)?;
	transaction.commit().await?;
	if row.try_get::<Moment, _>("expires")? <= now() {
		return Err(unknown());
	}
	let institution =
		u32::try_from(row.try_get::<i64, _>("institution")?).map_err(|_| Refusal::internal())?;
	let account: [u8; 32] =
		row.try_get::<Vec<u8>, _>("account")?.try_into().map_err(|_| Refusal::internal())?;
	let message: String = row.try_get("message")?;
	if !is_signed(&body.signature.0, &message, account) {
		return Err(Refusal::fault(
			"/signature",
			"is not that account's sr25519 signature of <Bytes>…</Bytes> around the message.",
		));
	}
	let role = role(&app, institution, AccountId(account)).await?;
	let expires = now() + SESSION;
	let key = NewKey {
		institution,
		role,
		till: None,
		name: format!("wallet {}", AccountId(account)),
		account: Some(AccountId(account)),
		expires: Some(expires),
	};
	let (key, _) = app.access.create(key).await?;
	Ok(Json(Session { key, institution, role, expires }))
}

fn is_signed(signature: &str, message: &str, account: [u8; 32]) -> bool {
	let bytes = hex::decode(signature.trim_start_matches("0x")).unwrap_or_default();
	let signature: Option<[u8; 64]> = match bytes.as_slice() {
		[1, rest @ ..] if rest.len() == 64 => rest.try_into().ok(),
		all => all.try_into().ok(),
	};
	let wrapped = format!("<Bytes>{message}</Bytes>");
	signature.is_some_and(|signature| {
		sr25519::verify(&sr25519::Signature(signature), wrapped, &sr25519::PublicKey(account))
	})
}

/// The role that the institution gave an account, on the chain.
async fn role(app: &App, institution: u32, account: AccountId) -> Result<Role, Refusal> {
	let reads = app.reads().await?;
	let of = found(reads.institution(institution).await, || {
		format!("There is no institution {institution}. /v1/alliance lists those that exist.")
	})?;
	let own = AccountId::from(of.account);
	if own == account {
		return Ok(Role::Admin);
	}
	let proxies = reads.proxies(own).await?;
	let types = proxies.into_iter().filter(|(delegate, _)| *delegate == account).map(|(_, kind)| kind);
	types
		.filter_map(|kind| match kind {
			ProxyType::Any => Some(Role::Admin),
			ProxyType::Issue => Some(Role::Issuer),
			ProxyType::Cashier => Some(Role::Till),
			ProxyType::Registrar => Some(Role::Registrar),
			ProxyType::Treasury => Some(Role::Treasurer),
			ProxyType::Governance => Some(Role::Delegate),
			ProxyType::Authority => None,
		})
		.next()
		.ok_or_else(|| {
			Refusal::new(
				StatusCode::FORBIDDEN,
				"no-delegation",
				"The institution gave this account no role",
				format!("{account} is no delegate of institution {institution}. Its administrator adds it: `scripts/member delegate add Cashier {account}`."),
			)
		})
}

impl From<AccessError> for Refusal {
	fn from(error: AccessError) -> Self {
		match error {
			AccessError::Store(error) => error.into(),
			AccessError::NoDelegate(..) => Self::new(
				StatusCode::FORBIDDEN,
				"no-delegate",
				"The institution's key is not here",
				format!("{error}."),
			),
			AccessError::Random(_) => {
				tracing::error!(%error, "no key could be made");
				Self::internal()
			},
		}
	}
}

/// Whose access key it is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SignedIn {
	pub institution: u32,
	pub role: Role,
	/// The till that the key is for.
	pub till: Option<String>,
}

/// Who is signed in: what the access key of this request may do.
#[utoipa::path(
	get,
	path = "/v1/sign-in",
	tag = "access",
	responses((status = 200, body = SignedIn)),
	security(("key" = []))
)]
pub async fn who(By(caller): By<ANY_ROLE>) -> Json<SignedIn> {
	Json(SignedIn { institution: caller.institution, role: caller.role, till: caller.till })
}

/// Sign out: the key of this request is refused from now on.
#[utoipa::path(
	delete,
	path = "/v1/sign-in",
	tag = "access",
	responses((status = 204, description = "Signed out")),
	security(("key" = []))
)]
pub async fn sign_out(State(app): State<App>, By(caller): By<ANY_ROLE>) -> Result<StatusCode, Refusal> {
	app.access.revoke(caller.institution, &caller.key).await?;
	Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_wallet_signs_what_it_shows() {
		let alice = sr25519::dev::alice();
		let signature = alice.sign(b"<Bytes>hello</Bytes>");
		let (text, account) = (format!("0x{}", hex::encode(signature.0)), alice.public_key().0);
		assert!(is_signed(&text, "hello", account));
		assert!(is_signed(&format!("0x01{}", hex::encode(signature.0)), "hello", account));
		assert!(!is_signed(&text, "hallo", account));
		assert!(!is_signed(&text, "hello", sr25519::dev::bob().public_key().0));
	}
}
