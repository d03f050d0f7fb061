//! Complaints, requests of supervisors, and votes.

use super::super::{
	App,
	access::{ADMIN, By, DELEGATE, READER},
	begin::{Begun, Wait, Wish, WriteHeaders},
	json::body,
	pages::{Named, Page},
	post::Posted,
	problem::Refusal,
	values::Digest,
};
use crate::model::{Action, Hash};
use axum::{Json, extract::State, response::IntoResponse};
use serde::Serialize;

/// Something with a number, as the chain has it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Numbered {
	pub number: u64,
	/// Its fields as the chain names them.
	#[schema(value_type = Object)]
	pub details: serde_json::Value,
}

/// Complaints against the institution, the oldest first.
#[utoipa::path(
	get,
	path = "/v1/complaints",
	tag = "conduct",
	responses((status = 200, body = Page<Numbered>)),
	security(("key" = []))
)]
pub async fn complaints(
	State(app): State<App>,
	By(caller): By<{ DELEGATE | READER | ADMIN }>,
) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let found = reads.complaints_json(caller.institution).await?;
	let items = found.into_iter().map(|(number, details)| Numbered { number, details }).collect();
	Ok(app.as_of(&reads, Json(Page::whole(items))))
}

body! {
	/// An answer to all complaints up to one.
	pub struct AnswerBody {
		/// The number of the last one that is answered.
		pub up_to: u64,
		/// The hash of the document that answers.
		pub document: Digest,
	}
}

/// Answer complaints.
#[utoipa::path(
	post,
	path = "/v1/complaints/answers",
	tag = "conduct",
	params(WriteHeaders),
	request_body = AnswerBody,
	responses(Begun),
	security(("key" = []))
)]
pub async fn answer(
	State(app): State<App>,
	By(caller): By<DELEGATE>,
	wait: Wait,
	posted: Posted<AnswerBody>,
) -> Result<Begun, Refusal> {
	let AnswerBody { up_to, document: Digest(document) } = posted.body;
	let action = Action::AnswerComplaints { up_to, document };
	app.begin(&caller, Wish { action, reference: None, key: None }, posted.again, wait).await
}

/// Requests of supervisors to the institution that are open.
#[utoipa::path(
	get,
	path = "/v1/disclosures",
	tag = "conduct",
	responses((status = 200, body = Page<Numbered>)),
	security(("key" = []))
)]
pub async fn disclosures(
	State(app): State<App>,
	By(caller): By<{ DELEGATE | READER | ADMIN }>,
) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let found = reads.disclosures_json(caller.institution).await?;
	let items =
		found.into_iter().map(|(number, details)| Numbered { number: number.into(), details }).collect();
	Ok(app.as_of(&reads, Json(Page::whole(items))))
}

body! {
	/// What is disclosed.
	pub struct DisclosureBody {
		/// The hash of the document.
		pub document: Digest,
	}
}

/// Answer a supervisor's request.
#[utoipa::path(
	post,
	path = "/v1/disclosures/{request}",
	tag = "conduct",
	params(("request" = u64, Path, description = "The request's number"), WriteHeaders),
	request_body = DisclosureBody,
	responses(Begun),
	security(("key" = []))
)]
pub async fn disclose(
	State(app): State<App>,
	By(caller): By<DELEGATE>,
	Named(request): Named<u64>,
	wait: Wait,
	posted: Posted<DisclosureBody>,
) -> Result<Begun, Refusal> {
	let action = Action::Disclose { request, document: posted.body.document.0 };
	app.begin(&caller, Wish { action, reference: None, key: None }, posted.again, wait).await
}

/// What is being voted on.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MotionView {
	/// What names it.
	#[schema(value_type = String)]
	pub motion: Hash,
	/// What it would do.
	#[schema(value_type = Object)]
	pub call: serde_json::Value,
	/// Its index, ayes and nays, how many ayes it asks for, and the block in which it ends.
	#[schema(value_type = Object)]
	pub votes: serde_json::Value,
}

/// Motions that are open.
#[utoipa::path(
	get,
	path = "/v1/motions",
	tag = "conduct",
	responses((status = 200, body = Page<MotionView>)),
	security(("key" = []))
)]
pub async fn motions(
	State(app): State<App>,
	_: By<{ DELEGATE | READER | ADMIN }>,
) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let found = reads.motions_json().await?;
	let items =
		found.into_iter().map(|(hash, call, votes)| MotionView { motion: Hash(hash), call, votes }).collect();
	Ok(app.as_of(&reads, Json(Page::whole(items))))
}

body! {
	/// A vote.
	pub struct VoteBody {
		pub approve: bool,
	}
}

/// Vote on a motion.
#[utoipa::path(
	post,
	path = "/v1/motions/{motion}/votes",
	tag = "conduct",
	params(("motion" = String, Path, description = "What names the motion: 0x and 64 hexadecimal digits"), WriteHeaders),
	request_body = VoteBody,
	responses(Begun),
	security(("key" = []))
)]
pub async fn vote(
	State(app): State<App>,
	By(caller): By<DELEGATE>,
	Named(motion): Named<String>,
	wait: Wait,
	posted: Posted<VoteBody>,
) -> Result<Begun, Refusal> {
	let unknown =
		|| Refusal::not_found("No open motion has this name. /v1/motions lists those that are open.");
	let motion = Hash::try_from(motion).map_err(|_| unknown())?;
	let open = app.reads().await?.motions_json().await?;
	let votes = open.into_iter().find(|(hash, ..)| *hash == motion.0).map(|(_, _, votes)| votes);
	let index = votes.and_then(|votes| u32::try_from(votes["index"].as_u64()?).ok()).ok_or_else(unknown)?;
	let action = Action::Vote { motion, index, approve: posted.body.approve };
	// A member may change its vote, so that what makes one the same is its key.
	app.begin(&caller, Wish { action, reference: None, key: Some(posted.key) }, posted.again, wait).await
}
