//! Becoming a customer: consents to sign, registrations with them, and many of both at once.

use super::{
	super::{
		App,
		access::{By, Caller, REGISTRAR, TILL},
		begin::{Begun, Wait, Wish, WriteHeaders, mark},
		json::{At, body},
		lines::{Line, Lines},
		post::Posted,
		problem::Refusal,
		values::{Address, Reference, Signature},
	},
	customers::{account_of, hash},
	operations::OperationView,
};
use crate::{
	model::{Action, Fault, Hash, Problem},
	orders::commitment::{Scope, commitment},
	store::now,
};
use axum::{
	Json,
	extract::State,
	http::StatusCode,
	response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use hanse_chain::{AccountId, reads::Reads};
use serde::Serialize;
use sqlx::Row;

/// So many consents are asked of the node at a time.
const AT_ONCE: usize = 16;

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

body! {
	/// A customer: who is to agree, or who did.
	pub struct ImportLine {
		/// The institution's own name for the customer.
		pub reference: Reference,
		pub account: Address,
		/// Of somebody who is to agree: what stands for the person, as in a consent.
		pub person: Option<Reference>,
		/// True unless it is said.
		pub may_recover: Option<bool>,
		/// Of somebody who agreed: of the bytes that were answered for the line without it.
		pub signature: Option<Signature>,
	}
}

/// A customer, or many.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what is read one way or the other")]
#[serde(untagged)]
pub enum OneLineOrMany {
	One(Box<ImportLine>),
	Many(Vec<ImportLine>),
}

impl Line for ImportLine {
	const PLAIN: &'static [&'static str] = &["may_recover"];

	fn faults(&self) -> Vec<Fault> {
		match self.person.is_none() && self.signature.is_none() {
			true => vec![At::ROOT.fault(
				"is to have `person`, for what the customer signs, or `signature`, if it has signed.",
			)],
			false => Vec::new(),
		}
	}
}

/// What became of one customer.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub struct ImportResult {
	/// From 1 on, as in the request; a CSV's header is not counted.
	pub line: usize,
	pub reference: Option<String>,
	/// That the same registration was asked for before.
	pub existed: bool,
	/// What the customer signs, of a line without a signature.
	pub consent: Option<Consent>,
	/// The registration, of a line with one.
	pub operation: Option<OperationView>,
	/// Why nothing was begun.
	pub problem: Option<Problem>,
}

/// What became of every customer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportResults {
	pub accepted: usize,
	pub refused: usize,
	pub results: Vec<ImportResult>,
}

/// Import up to 5,000 customers: of a line without a signature the answer says what the customer signs; one with it is registered.
///
/// A consent is good for 55 minutes, so ask for those of customers who sign now.
#[utoipa::path(
	post,
	path = "/v1/customers/import",
	tag = "customers",
	params(WriteHeaders),
	request_body(content((OneLineOrMany = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"))),
	responses((status = 202, description = "What became of each line", body = ImportResults)),
	security(("key" = []))
)]
pub async fn import(
	State(app): State<App>,
	By(caller): By<REGISTRAR>,
	posted: Posted<Lines<ImportLine>>,
) -> Result<Response, Refusal> {
	let lines = match posted.body {
		Lines::One(line) => vec![Ok(line)],
		Lines::Many(lines) => lines,
	};
	let mut results: Vec<ImportResult> = Vec::with_capacity(lines.len());
	let (mut asked, mut agreed) = (Vec::new(), Vec::new());
	for (place, line) in lines.into_iter().enumerate() {
		let mut result = ImportResult { line: place + 1, ..ImportResult::default() };
		match line {
			Ok(ImportLine { reference, account, person, may_recover, signature }) => {
				result.reference = Some(reference.0.clone());
				match (signature, person) {
					(Some(signature), _) => {
						agreed.push((place, RegisterBody { reference, account, signature }))
					},
					(None, Some(person)) => {
						asked.push((place, ConsentBody { reference, account, person, may_recover }))
					},
					(None, None) => {},
				}
			},
			Err(refusal) => result.problem = Some(refusal.into_problem()),
		}
		results.push(result);
	}
	app.ask_all(&caller, asked, &mut results).await?;
	app.register_all(&caller, agreed, &mut results).await?;
	let refused = results.iter().filter(|result| result.problem.is_some()).count();
	let body = ImportResults { accepted: results.len() - refused, refused, results };
	let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
	mark(&mut response, posted.again, None);
	Ok(response)
}

impl App {
	async fn ask_all(
		&self,
		caller: &Caller,
		bodies: Vec<(usize, ConsentBody)>,
		results: &mut [ImportResult],
	) -> Result<(), Refusal> {
		if bodies.is_empty() {
			return Ok(());
		}
		let reads = &self.reads().await?;
		let made: Vec<_> = stream::iter(bodies)
			.map(|(place, body)| async move { (place, self.consent(caller, reads, body).await) })
			.buffered(AT_ONCE)
			.collect()
			.await;
		let consents: Vec<_> = made.iter().filter_map(|(_, made)| made.as_ref().ok().cloned()).collect();
		self.ask(caller, &consents).await?;
		for (place, made) in made {
			match made {
				Ok(consent) => results[place].consent = Some(consent),
				Err(refusal) => results[place].problem = Some(refusal.into_problem()),
			}
		}
		Ok(())
	}

	async fn register_all(
		&self,
		caller: &Caller,
		bodies: Vec<(usize, RegisterBody)>,
		results: &mut [ImportResult],
	) -> Result<(), Refusal> {
		let (mut wishes, mut places, mut customers) = (Vec::new(), Vec::new(), Vec::new());
		for (place, body) in bodies {
			let reference = body.reference.0.clone();
			match self.registration(caller, body).await {
				Ok((wish, account)) => {
					wishes.push(wish);
					places.push(place);
					customers.push((reference, account));
				},
				Err(refusal) => results[place].problem = Some(refusal.into_problem()),
			}
		}
		self.remember(caller, &customers).await?;
		for (place, accepted) in places.into_iter().zip(self.begin_all(caller, wishes).await?) {
			match accepted {
				Ok(accepted) => {
					results[place].existed = accepted.existed;
					results[place].operation = Some(accepted.operation.into());
				},
				Err(refusal) => results[place].problem = Some(refusal.into_problem()),
			}
		}
		Ok(())
	}
}
