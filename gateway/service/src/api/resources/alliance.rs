//! What everybody may know of the alliance.

use super::super::{
	App,
	chain::text,
	pages::{Named, Page},
	problem::Refusal,
};
use axum::{Json, extract::State, response::IntoResponse};
use hanse_chain::{AccountId, hanse::runtime_types::pallet_institutions::types::Status};
use serde::Serialize;

/// An institution.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InstitutionView {
	pub institution: u32,
	pub name: String,
	#[schema(value_type = String)]
	pub account: AccountId,
	#[schema(example = "active")]
	pub status: &'static str,
}

fn status(status: &Status) -> &'static str {
	match status {
		Status::Applied => "applied",
		Status::Active => "active",
		Status::Suspended => "suspended",
		Status::Leaving { .. } => "leaving",
		Status::RunOff { .. } => "run_off",
		Status::Left => "left",
	}
}

/// The institutions, former ones and applicants too.
#[utoipa::path(
	get,
	path = "/v1/alliance",
	tag = "alliance",
	responses((status = 200, body = Page<InstitutionView>))
)]
pub async fn institutions(State(app): State<App>) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let found = reads.institutions().await?;
	let items = found
		.into_iter()
		.map(|(institution, of)| InstitutionView {
			institution,
			name: text(&of.profile.name.0),
			account: of.account.into(),
			status: status(&of.status),
		})
		.collect();
	Ok(app.as_of(&reads, Json(Page::whole(items))))
}

/// Something in the chain's own words.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InChainsWords {
	/// Its fields as the chain names them.
	#[schema(value_type = Object)]
	pub details: serde_json::Value,
}

/// Rules in the chain's own words.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RulesInChainsWords {
	/// Their fields as the chain names them.
	#[schema(value_type = Vec<Object>)]
	pub details: serde_json::Value,
}

/// Every rule: its value, unit, bounds and largest step.
#[utoipa::path(get, path = "/v1/rules", tag = "alliance", responses((status = 200, body = RulesInChainsWords)))]
pub async fn rules(State(app): State<App>) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let details = reads.rule_table_json().await?;
	Ok(app.as_of(&reads, Json(RulesInChainsWords { details })))
}

/// Where an institution stands, and what follows from what it did.
#[utoipa::path(
	get,
	path = "/v1/standing/{institution}",
	tag = "alliance",
	params(("institution" = u32, Path, description = "The institution's number")),
	responses((status = 200, body = InChainsWords))
)]
pub async fn standing(
	State(app): State<App>,
	Named(institution): Named<u32>,
) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let details = reads.standing_json(institution).await?;
	if details.is_null() {
		return Err(Refusal::not_found(format!(
			"There is no institution {institution}. /v1/alliance lists those that exist."
		)));
	}
	Ok(app.as_of(&reads, Json(InChainsWords { details })))
}

/// Who makes blocks.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuthorityView {
	#[schema(value_type = String)]
	pub account: AccountId,
	/// Whose it is.
	pub institution: Option<u32>,
}

/// Who makes blocks in this session.
#[utoipa::path(
	get,
	path = "/v1/authorities",
	tag = "alliance",
	responses((status = 200, body = Page<AuthorityView>))
)]
pub async fn authorities(State(app): State<App>) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let institutions = reads.institutions().await?;
	let items = reads
		.authorities()
		.await?
		.into_iter()
		.map(|account| {
			let of = institutions.iter().find(|(_, of)| AccountId::from(of.account) == account);
			AuthorityView { account, institution: of.map(|(id, _)| *id) }
		})
		.collect();
	Ok(app.as_of(&reads, Json(Page::whole(items))))
}
