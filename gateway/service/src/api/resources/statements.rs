//! For the accountant: what was issued, redeemed and expired, what is owed, and what settled.

use super::super::{
	App,
	access::{ADMIN, By, READER, TREASURER},
	chain::found,
	pages::{Asked, Named, Page},
	problem::Refusal,
	values::Amount,
};
use crate::store::now;
use axum::{
	Json,
	extract::State,
	http::{HeaderMap, header},
	response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// The roll-forward of one program over one period.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ProgramStatement {
	pub program: u16,
	pub symbol: String,
	/// Milliseconds since 1970.
	pub from: u64,
	pub until: u64,
	pub opening: Amount,
	pub issued: Amount,
	pub redeemed_at_home: Amount,
	pub redeemed_at_partners: Amount,
	pub exchanged_in: Amount,
	pub exchanged_out: Amount,
	pub expired: Amount,
	pub cancelled: Amount,
	pub reinstated: Amount,
	pub closing: Amount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
	Json,
	Csv,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FormatQuery {
	/// Else the header Accept says it: `text/csv`, or JSON.
	#[param(inline)]
	format: Option<Format>,
}

/// The roll-forward of each of the institution's programs, over the period in which a day lies.
#[utoipa::path(
	get,
	path = "/v1/statements/{period}",
	tag = "accounts",
	params(("period" = String, Path, description = "`current`, or a day of the period, as in 2026-10-31 (UTC); periods are those of each program", example = "current"), FormatQuery),
	responses(
		(status = 200, description = "Programs", content((Page<ProgramStatement> = "application/json"), (String = "text/csv")))
	),
	security(("key" = []))
)]
pub async fn statement(
	State(app): State<App>,
	By(caller): By<{ READER | TREASURER | ADMIN }>,
	Named(period): Named<String>,
	Asked(query): Asked<FormatQuery>,
	headers: HeaderMap,
) -> Result<Response, Refusal> {
	let at = moment(&period)?;
	let programs = app.programs().await?;
	let reads = app.reads().await?;
	let mut statements = Vec::new();
	for (program, facts) in programs.iter().filter(|(_, facts)| facts.issuer == caller.institution) {
		let Some(roll) = reads.roll_forward(*program, at).await? else { continue };
		let points = |units: u128| Amount::points(units, facts.decimals);
		statements.push(ProgramStatement {
			program: *program,
			symbol: facts.symbol.clone(),
			from: roll.from,
			until: roll.until,
			opening: points(roll.opening),
			issued: points(roll.flows.issued),
			redeemed_at_home: points(roll.flows.redeemed_at_home),
			redeemed_at_partners: points(roll.flows.redeemed_at_partners),
			exchanged_in: points(roll.flows.exchanged_in),
			exchanged_out: points(roll.flows.exchanged_out),
			expired: points(roll.flows.expired),
			cancelled: points(roll.flows.cancelled),
			reinstated: points(roll.flows.reinstated),
			closing: points(roll.closing),
		});
	}
	let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
	let answer = match query.format {
		Some(Format::Csv) => csv(&statements)?,
		None if accepts.contains("text/csv") => csv(&statements)?,
		_ => Json(Page::whole(statements)).into_response(),
	};
	Ok(app.as_of(&reads, answer).into_response())
}

/// A moment of the period, in milliseconds since 1970.
fn moment(period: &str) -> Result<u64, Refusal> {
	if period == "current" {
		return Ok(now().unsigned_abs());
	}
	let at = period.parse::<Date>().ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok());
	at.and_then(|at| u64::try_from(at.timestamp().as_millisecond()).ok()).ok_or_else(|| {
		Refusal::not_found("There is no such period: write `current`, or a day in it as 2026-10-31.")
	})
}

/// Amounts as people write them; times as RFC 3339.
fn csv(statements: &[ProgramStatement]) -> Result<Response, Refusal> {
	let time = |ms: u64| {
		i64::try_from(ms)
			.ok()
			.and_then(|ms| Timestamp::from_millisecond(ms).ok())
			.map(|time| time.to_string())
			.unwrap_or_default()
	};
	let mut writer = csv::Writer::from_writer(Vec::new());
	let failed = |error: csv::Error| {
		tracing::error!(%error, "a statement could not be written as CSV");
		Refusal::internal()
	};
	writer
		.write_record([
			"program",
			"symbol",
			"from",
			"until",
			"opening",
			"issued",
			"redeemed_at_home",
			"redeemed_at_partners",
			"exchanged_in",
			"exchanged_out",
			"expired",
			"cancelled",
			"reinstated",
			"closing",
		])
		.map_err(failed)?;
	for of in statements {
		let amounts = [
			&of.opening,
			&of.issued,
			&of.redeemed_at_home,
			&of.redeemed_at_partners,
			&of.exchanged_in,
			&of.exchanged_out,
			&of.expired,
			&of.cancelled,
			&of.reinstated,
			&of.closing,
		];
		let first = [of.program.to_string(), cell(&of.symbol), time(of.from), time(of.until)];
		let record = first.into_iter().chain(amounts.into_iter().map(|amount| amount.display().to_owned()));
		writer.write_record(record).map_err(failed)?;
	}
	let bytes = writer.into_inner().map_err(|error| {
		tracing::error!(%error, "a statement could not be written as CSV");
		Refusal::internal()
	})?;
	Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], bytes).into_response())
}

/// A text that no table program takes for a formula.
fn cell(text: &str) -> String {
	let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
	if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// What stands behind the institution's points.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LiabilityView {
	pub bond: Amount,
	pub reserve: Amount,
	/// The face value of all its points.
	pub outstanding: Amount,
	pub authorised: Amount,
	/// What `outstanding` may be at most.
	pub cap: Amount,
	pub minimum_reserve: Amount,
}

/// What the institution owes to the holders of its points, and what stands behind it.
#[utoipa::path(
	get,
	path = "/v1/statements/liability",
	tag = "accounts",
	responses((status = 200, body = LiabilityView)),
	security(("key" = []))
)]
pub async fn liability(
	State(app): State<App>,
	By(caller): By<{ READER | TREASURER | ADMIN }>,
) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let of = found(reads.statement(caller.institution).await, || {
		format!("Institution {} has no books yet.", caller.institution)
	})?
	.issuing;
	let view = LiabilityView {
		bond: Amount::money(of.bond),
		reserve: Amount::money(of.reserve),
		outstanding: Amount::money(of.outstanding),
		authorised: Amount::money(of.authorised),
		cap: Amount::money(of.cap),
		minimum_reserve: Amount::money(of.minimum_reserve),
	};
	Ok(app.as_of(&reads, Json(view)))
}

/// What the institution has, owes and is owed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PositionsView {
	pub reserve: Amount,
	pub free_reserve: Amount,
	/// Interchange that waits for refund windows to close.
	pub accrued: Amount,
	pub earmarked: Amount,
	/// On lines, in all.
	pub owed: Amount,
	pub arrears: Amount,
	/// For how many cycles it is overdue.
	pub overdue: Option<u32>,
	pub positions: Vec<PositionView>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PositionView {
	/// The other member.
	pub with: u32,
	pub owes: Amount,
	pub is_owed: Amount,
	/// What the other one lets this one owe, and how much of that was accepted.
	pub line: Amount,
	pub accepted: Amount,
	/// What this one lets the other one owe, and how much of that was accepted.
	pub granted: Amount,
	pub granted_accepted: Amount,
}

/// Positions with the other members, and the reserve.
#[utoipa::path(
	get,
	path = "/v1/statements/positions",
	tag = "accounts",
	responses((status = 200, body = PositionsView)),
	security(("key" = []))
)]
pub async fn positions(
	State(app): State<App>,
	By(caller): By<{ READER | TREASURER | ADMIN }>,
) -> Result<impl IntoResponse, Refusal> {
	let reads = app.reads().await?;
	let of = found(reads.statement(caller.institution).await, || {
		format!("Institution {} has no books yet.", caller.institution)
	})?
	.clearing;
	let positions = of
		.positions
		.iter()
		.map(|position| PositionView {
			with: position.with,
			owes: Amount::money(position.owes),
			is_owed: Amount::money(position.is_owed),
			line: Amount::money(position.line),
			accepted: Amount::money(position.accepted),
			granted: Amount::money(position.granted),
			granted_accepted: Amount::money(position.granted_accepted),
		})
		.collect();
	let view = PositionsView {
		reserve: Amount::money(of.reserve),
		free_reserve: Amount::money(of.free_reserve),
		accrued: Amount::money(of.accrued),
		earmarked: Amount::money(of.earmarked),
		owed: Amount::money(of.owed),
		arrears: Amount::money(of.arrears),
		overdue: of.overdue.map(|overdue| overdue.age),
		positions,
	};
	Ok(app.as_of(&reads, Json(view)))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_symbol_is_no_formula() {
		assert_eq!(cell("SKY"), "SKY");
		for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
			assert_eq!(cell(text), format!("'{text}"));
		}
	}

	#[test]
	fn a_period_is_named_by_a_day_in_it() {
		assert_eq!(moment("1970-01-02").unwrap(), 24 * 60 * 60 * 1000);
		assert!(moment("current").unwrap() > 1_700_000_000_000);
		for wrong in ["2026-13-01", "last", "1969-01-01"] {
			assert!(moment(wrong).is_err(), "{wrong}");
		}
	}
}
