//! Lines between members, and the reserve.

use super::super::{
	App,
	access::{By, TREASURER},
	begin::{Begun, Wait, Wish, WriteHeaders},
	json::body,
	pages::Named,
	post::Posted,
	problem::Refusal,
	values::{Units, UnitsOrNone},
};
use crate::model::Action;
use axum::extract::State;

body! {
	/// How much somebody may owe.
	pub struct LineLimit {
		/// Settlement micro-units; 0 ends the line.
		pub limit: UnitsOrNone,
	}
}

/// Let another member owe so much.
#[utoipa::path(
	put,
	path = "/v1/lines/{debtor}",
	tag = "accounts",
	params(("debtor" = u32, Path, description = "The member's number"), WriteHeaders),
	request_body = LineLimit,
	responses(Begun),
	security(("key" = []))
)]
pub async fn grant(
	State(app): State<App>,
	By(caller): By<TREASURER>,
	Named(debtor): Named<u32>,
	wait: Wait,
	posted: Posted<LineLimit>,
) -> Result<Begun, Refusal> {
	let action = Action::GrantCreditLine { debtor, limit: posted.body.limit.0 };
	app.begin(&caller, Wish { action, reference: None, key: Some(posted.key) }, posted.again, wait).await
}

/// Accept what another member lets this one owe.
#[utoipa::path(
	put,
	path = "/v1/accepted-lines/{creditor}",
	tag = "accounts",
	params(("creditor" = u32, Path, description = "The member's number"), WriteHeaders),
	request_body = LineLimit,
	responses(Begun),
	security(("key" = []))
)]
pub async fn accept(
	State(app): State<App>,
	By(caller): By<TREASURER>,
	Named(creditor): Named<u32>,
	wait: Wait,
	posted: Posted<LineLimit>,
) -> Result<Begun, Refusal> {
	let action = Action::AcceptCreditLine { creditor, limit: posted.body.limit.0 };
	app.begin(&caller, Wish { action, reference: None, key: Some(posted.key) }, posted.again, wait).await
}

body! {
	/// Settlement units.
	pub struct Sum {
		/// Micro-units.
		pub amount: Units,
	}
}

macro_rules! moves {
	($(#[doc = $doc:literal] $name:ident, $path:literal, $action:ident;)*) => {$(
		#[doc = $doc]
		#[utoipa::path(
			post,
			path = $path,
			tag = "accounts",
			params(WriteHeaders),
			request_body = Sum,
			responses(Begun),
			security(("key" = []))
		)]
		pub async fn $name(
			State(app): State<App>,
			By(caller): By<TREASURER>,
			wait: Wait,
			posted: Posted<Sum>,
		) -> Result<Begun, Refusal> {
			let action = Action::$action { amount: posted.body.amount.0 };
			app.begin(&caller, Wish { action, reference: None, key: Some(posted.key) }, posted.again, wait).await
		}
	)*};
}

moves! {
	#[doc = "Move settlement units of the institution's account into its reserve."]
	top_up, "/v1/reserve/top-up", TopUp;
	#[doc = "Take free units out of the reserve."]
	draw_down, "/v1/reserve/draw-down", DrawDown;
	#[doc = "Ask the settlement agent to pay units out as money."]
	defund, "/v1/reserve/defund", RequestPayout;
}
