//! Recoveries: what a lost key held goes to a new account.

use super::super::{
	App,
	access::{By, REGISTRAR},
	begin::{Begun, Wait, Wish, WriteHeaders},
	json::body,
	pages::Named,
	post::{Nothing, Posted},
	problem::Refusal,
	values::{Address, Signature},
};
use crate::{model::Action, store::now};
use axum::{Json, extract::State};
use hanse_chain::AccountId;
use serde::Serialize;

/// An acceptance is good for an hour at most; some of that is left for the clocks.
const ACCEPTANCE: i64 = 55 * 60 * 1000;

body! {
	/// Which account is to take the place of a lost one.
	pub struct AcceptanceBody {
		pub new_account: Address,
	}
}

/// What the holder of a new account signs to get what a lost one had.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Acceptance {
	#[schema(value_type = String)]
	pub old_account: AccountId,
	#[schema(value_type = String)]
	pub new_account: AccountId,
	pub until: i64,
	pub bytes: String,
}

/// Make what the holder of a new account signs for a recovery.
#[utoipa::path(
	post,
	path = "/v1/customers/{reference}/recoveries/acceptances",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer"), WriteHeaders),
	request_body = AcceptanceBody,
	responses((status = 200, body = Acceptance)),
	security(("key" = []))
)]
pub async fn acceptance(
	State(app): State<App>,
	By(caller): By<REGISTRAR>,
	Named(reference): Named<String>,
	posted: Posted<AcceptanceBody>,
) -> Result<Json<Acceptance>, Refusal> {
	let (old, Address(new)) = (app.customer(&caller, &reference).await?, posted.body.new_account);
	let until = now() + ACCEPTANCE;
	let bytes = app.reads().await?.acceptance(caller.institution, old, new, until.unsigned_abs()).await?;
	Ok(Json(Acceptance {
		old_account: old,
		new_account: new,
		until,
		bytes: format!("0x{}", hex::encode(bytes)),
	}))
}

body! {
	/// A recovery that the holder of the new account accepted.
	pub struct RecoveryBody {
		pub new_account: Address,
		/// As in the acceptance.
		pub until: u64,
		/// Of the bytes of the acceptance.
		pub signature: Signature,
		/// All that the lost account holds, unless it is said.
		pub vintages: Option<Vec<u32>>,
	}
}

/// Begin to move what a lost key held to a new account.
#[utoipa::path(
	post,
	path = "/v1/customers/{reference}/recoveries",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer"), WriteHeaders),
	request_body = RecoveryBody,
	responses(Begun),
	security(("key" = []))
)]
pub async fn recover(
	State(app): State<App>,
	By(caller): By<REGISTRAR>,
	Named(reference): Named<String>,
	wait: Wait,
	posted: Posted<RecoveryBody>,
) -> Result<Begun, Refusal> {
	let old = app.customer(&caller, &reference).await?;
	let RecoveryBody { new_account: Address(new), until, signature, vintages } = posted.body;
	let vintages = match vintages {
		Some(vintages) => vintages,
		None => app.reads().await?.vintages(old).await?,
	};
	let action = Action::OpenRecovery { old, new, vintages, until, signature: signature.0 };
	app.begin(&caller, Wish { action, reference: Some(reference), key: None }, posted.again, wait).await
}

/// Move the next pieces of a recovery whose time has come.
#[utoipa::path(
	post,
	path = "/v1/customers/{reference}/recoveries/complete",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer"), WriteHeaders),
	responses(Begun),
	security(("key" = []))
)]
pub async fn complete(
	State(app): State<App>,
	By(caller): By<REGISTRAR>,
	Named(reference): Named<String>,
	wait: Wait,
	posted: Posted<Nothing>,
) -> Result<Begun, Refusal> {
	let old = app.customer(&caller, &reference).await?;
	let action = Action::CompleteRecovery { old };
	app.begin(&caller, Wish { action, reference: Some(reference), key: Some(posted.key) }, posted.again, wait)
		.await
}

/// Take back a recovery of which nothing has moved.
#[utoipa::path(
	delete,
	path = "/v1/customers/{reference}/recoveries",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer"), WriteHeaders),
	responses(Begun),
	security(("key" = []))
)]
pub async fn withdraw(
	State(app): State<App>,
	By(caller): By<REGISTRAR>,
	Named(reference): Named<String>,
	wait: Wait,
	posted: Posted<Nothing>,
) -> Result<Begun, Refusal> {
	let old = app.customer(&caller, &reference).await?;
	let action = Action::WithdrawRecovery { old };
	app.begin(&caller, Wish { action, reference: Some(reference), key: Some(posted.key) }, posted.again, wait)
		.await
}
