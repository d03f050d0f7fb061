//! Becoming a customer: consents to sign, and registrations with them.

use super::{
	super::{
		App,
		access::{By, Caller, REGISTRAR, TILL},
		begin::{Begun, Wait, Wish, WriteHeaders},
		json::body,
		post::Posted,
		problem::Refusal,
		values::{Address, Reference, Signature},
	},
	customers::{account_of, hash},
};
use crate::{
	model::{Action, Hash},
	orders::commitment::{Scope, commitment},
	store::now,
};
use axum::{Json, extract::State};
use hanse_chain::{AccountId, reads::Reads};
use serde::Serialize;
use sqlx::Row;

/// A consent is good for an hour at most; some of that is left for the clocks.
const CONSENT: i64 = 55 * 60 * 1000;

body! {
	/// Who is to agree to be a customer.
	pub struct ConsentBody {
		/// The institution's own name for the customer.
		pub reference: Reference,
		pub account: Address,
		/// What stands for the person, the same at every account: a number that the institution knows. It stays here; the chain
		/// gets a keyed hash.
		pub person: Reference,
		/// Whether the institution may recover a lost account: true unless it is said.
		pub may_recover: Option<bool>,
	}
}

/// What the customer's wallet signs.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Consent {
	pub reference: String,
	#[schema(value_type = String)]
	pub account: AccountId,
	#[schema(value_type = String)]
	pub commitment: Hash,
	#[schema(value_type = String)]
	pub tag: Hash,
	pub may_recover: bool,
	/// Milliseconds since 1970.
	pub until: i64,
	/// The bytes to sign, as `signRaw` takes them: 0x and hexadecimal digits.
	#[schema(pattern = "^0x[0-9a-f]*$")]
	pub bytes: String,
	/// What a QR code says, so that a wallet makes the same bytes itself.
	pub qr: String,
}

/// Make what a customer signs to be registered.
#[utoipa::path(
	post,
	path = "/v1/customers/consents",
	tag = "customers",
	params(WriteHeaders),
	request_body = ConsentBody,
	responses((status = 200, body = Consent)),
	security(("key" = []))
)]
pub async fn consent(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | TILL }>,
	posted: Posted<ConsentBody>,
) -> Result<Json<Consent>, Refusal> {
	let reads = app.reads().await?;
	let consent = app.consent(&caller, &reads, posted.body).await?;
	app.ask(&caller, std::slice::from_ref(&consent)).await?;
	Ok(Json(consent))
}

impl App {
	/// What a customer is asked to sign.
	pub(super) async fn consent(
		&self,
		caller: &Caller,
		reads: &Reads,
		body: ConsentBody,
	) -> Result<Consent, Refusal> {
		let ConsentBody { reference, account: Address(account), person, may_recover } = body;
		let may_recover = may_recover.unwrap_or(true);
		let key = self.order_key(caller)?;
		let tag = self.keys.tag_key(caller.institution).ok_or_else(|| {
			Refusal::unavailable(
				"The alliance's tag key is not loaded. Its operator sets `tag_key` for the institution.",
				60,
			)
		})?;
		let tag = commitment(tag, Scope::Tag, &person.0);
		let commitment = commitment(key, Scope::Customer, &reference.0);
		let until = now() + CONSENT;
		let bytes = reads
			.consent(caller.institution, account, commitment.0, tag.0, may_recover, until.unsigned_abs())
			.await?;
		let qr = format!(
			"hanse:consent?c={}&i={}&a={account}&k={}&g={}&r={}&t={until}",
			String::from(Hash(self.node.genesis())),
			caller.institution,
			String::from(commitment),
			String::from(tag),
			u8::from(may_recover),
		);
		let bytes = format!("0x{}", hex::encode(bytes));
		Ok(Consent { reference: reference.0, account, commitment, tag, may_recover, until, bytes, qr })
	}

	/// Remembers what customers are asked, for when they have signed it.
	pub(super) async fn ask(&self, caller: &Caller, consents: &[Consent]) -> Result<(), Refusal> {
		let mut transaction = self.store.write().await?;
		for consent in consents {
			sqlx::query(
				"INSERT INTO consents (institution, reference, account, commitment, tag, may_recover, until, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (institution, reference, account) DO UPDATE SET commitment = excluded.commitment, tag = excluded.tag, may_recover = excluded.may_recover, until = excluded.until, created = excluded.created",
			)
			.bind(i64::from(caller.institution))
			.bind(&consent.reference)
			.bind(consent.account.0.to_vec())
			.bind(consent.commitment.0.to_vec())
			.bind(consent.tag.0.to_vec())
			.bind(i64::from(consent.may_recover))
			.bind(consent.until)
			.bind(now())
			.execute(&mut *transaction)
			.await?;
		}
		transaction.commit().await?;
		Ok(())
	}
}

body! {
	/// A customer who agreed.
	pub struct RegisterBody {
		pub reference: Reference,
		pub account: Address,
		/// Of the bytes of the consent.
		pub signature: Signature,
	}
}

/// Register a customer with the consent that it signed.
#[utoipa::path(
	post,
	path = "/v1/customers",
	tag = "customers",
	params(WriteHeaders),
	request_body = RegisterBody,
	responses(Begun),
	security(("key" = []))
)]
pub async fn register(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | TILL }>,
	wait: Wait,
	posted: Posted<RegisterBody>,
) -> Result<Begun, Refusal> {
	let (wish, account) = app.registration(&caller, posted.body).await?;
	let reference = wish.reference.clone().unwrap_or_default();
	app.remember(&caller, &[(reference, account)]).await?;
	app.begin(&caller, wish, posted.again, wait).await
}

impl App {
	/// A registration as an operation, and whose it is.
	pub(super) async fn registration(
		&self,
		caller: &Caller,
		body: RegisterBody,
	) -> Result<(Wish, AccountId), Refusal> {
		let RegisterBody { reference: Reference(reference), account: Address(account), signature } = body;
		let row = sqlx::query(
			"SELECT commitment, tag, may_recover, until FROM consents WHERE institution = $1 AND reference = $2 AND account = $3",
		)
		.bind(i64::from(caller.institution))
		.bind(&reference)
		.bind(account.0.to_vec())
		.fetch_optional(self.store.read())
		.await?
		.ok_or_else(|| {
			Refusal::not_found(format!(
				"Nobody asked {account} for its consent as {reference}. Post it to /v1/customers/consents first."
			))
		})?;
		let until: i64 = row.try_get("until")?;
		self.ensure_free(caller, &reference, account).await?;
		let action = Action::Register {
			account,
			commitment: hash(row.try_get("commitment")?)?,
			tag: hash(row.try_get("tag")?)?,
			may_recover: row.try_get::<i64, _>("may_recover")? != 0,
			until: until.unsigned_abs(),
			signature: signature.0,
		};
		Ok((Wish { action, reference: Some(reference), key: None }, account))
	}

	/// Fails if a reference is that of another customer, who is registered.
	async fn ensure_free(&self, caller: &Caller, reference: &str, account: AccountId) -> Result<(), Refusal> {
		let before = account_of(self, caller, reference).await?.filter(|before| *before != account);
		let Some(before) = before else { return Ok(()) };
		let registered = self.reads().await?.customer(before).await?;
		match registered.is_some_and(|customer| customer.registrar == caller.institution) {
			true => Err(Refusal::conflict(
				"reference-taken",
				format!(
					"{reference} is {before} already. Unregister that account first, or recover it to this one."
				),
			)),
			false => Ok(()),
		}
	}

	/// Remembers which accounts the institution's customers have.
	pub(super) async fn remember(
		&self,
		caller: &Caller,
		customers: &[(String, AccountId)],
	) -> Result<(), Refusal> {
		let mut transaction = self.store.write().await?;
		for (reference, account) in customers {
			sqlx::query(
				"INSERT INTO customers (institution, reference, account, created) VALUES ($1, $2, $3, $4) ON CONFLICT (institution, reference) DO UPDATE SET account = excluded.account",
			)
			.bind(i64::from(caller.institution))
			.bind(reference)
			.bind(account.0.to_vec())
			.bind(now())
			.execute(&mut *transaction)
			.await?;
		}
		transaction.commit().await?;
		Ok(())
	}
}
