//! Programs: points and their terms.

use super::super::{
	App,
	access::{By, ISSUER},
	begin::{Begun, Wait, Wish, WriteHeaders},
	json::{At, FromJson, body},
	pages::{Named, Page},
	post::Posted,
	problem::Refusal,
	values::Text,
};
use crate::model::{Action, Fault, Period, Terms};
use axum::{Json, extract::State};
use serde::Serialize;
use serde_json::Value;
use utoipa::{
	PartialSchema, ToSchema,
	openapi::{
		RefOr, Schema,
		schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, Type},
	},
};

/// How long points go into the same vintage: an object with one of the fields.
#[derive(Clone, Copy, Debug)]
pub struct PeriodBody(Period);

impl ToSchema for PeriodBody {}

impl PartialSchema for PeriodBody {
	fn schema() -> RefOr<Schema> {
		let minutes = (Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX)));
		let one_of = [
			("milliseconds", (Some(0), None), "How long each period is, from 1970 on."),
			("months", minutes, "Months of the calendar, so many minutes ahead of UTC."),
			("quarters", minutes, "Quarters of the calendar, so many minutes ahead of UTC."),
			("years", minutes, "Years of the calendar, so many minutes ahead of UTC."),
		];
		let any = OneOfBuilder::new()
			.description(Some("How long points go into the same vintage: an object with one of the fields."))
			.examples([serde_json::json!({ "quarters": 60 })]);
		one_of
			.into_iter()
			.fold(any, |any, (name, (least, most), what)| {
				let number = ObjectBuilder::new()
					.schema_type(Type::Integer)
					.minimum(least)
					.maximum(most)
					.description(Some(what));
				let object = ObjectBuilder::new().property(name, number).required(name);
				any.item(object.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))))
			})
			.into()
	}
}

impl FromJson for PeriodBody {
	fn from_json(value: &Value, at: At<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
		let wrong = "is to be an object with one of milliseconds, months, quarters and years; those of the calendar name minutes ahead of UTC.";
		let Some((name, inner)) =
			value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next())
		else {
			faults.push(at.fault(wrong));
			return None;
		};
		let place = at.name(name);
		let calendar =
			|of: fn(i16) -> Period, faults: &mut Vec<Fault>| i16::from_json(inner, place, faults).map(of);
		let period = match name.as_str() {
			"milliseconds" => u64::from_json(inner, place, faults).map(Period::Milliseconds),
			"months" => calendar(Period::Months, faults),
			"quarters" => calendar(Period::Quarters, faults),
			"years" => calendar(Period::Years, faults),
			_ => {
				faults.push(at.fault(wrong));
				None
			},
		};
		period.map(Self)
	}
}

body! {
	/// What a program promises.
	pub struct TermsBody {
		/// 0 to 6.
		#[schema(example = 2)]
		pub decimals: u8,
		/// Settlement micro-units of one smallest unit: 1 to 10,000.
		#[schema(example = 100)]
		pub face_value: u32,
		pub period: PeriodBody,
		/// Milliseconds for which points are good after their period.
		#[schema(example = 31536000000_u64)]
		pub validity: u64,
		/// Milliseconds for which awards can be taken back and not be used.
		#[schema(example = 0)]
		pub pending: u64,
	}
}

impl From<TermsBody> for Terms {
	fn from(body: TermsBody) -> Self {
		let TermsBody { decimals, face_value, period: PeriodBody(period), validity, pending } = body;
		Self { decimals, face_value, period, validity, pending }
	}
}

body! {
	/// A new program.
	pub struct CreateProgram {
		#[schema(example = "Sky Miles")]
		pub name: Text,
		#[schema(example = "SKY")]
		pub symbol: Text,
		pub terms: TermsBody,
	}
}

/// Create a program.
#[utoipa::path(
	post,
	path = "/v1/programs",
	tag = "programs",
	params(WriteHeaders),
	request_body = CreateProgram,
	responses(Begun),
	security(("key" = []))
)]
pub async fn create(
	State(app): State<App>,
	By(caller): By<ISSUER>,
	wait: Wait,
	posted: Posted<CreateProgram>,
) -> Result<Begun, Refusal> {
	let CreateProgram { name, symbol, terms } = posted.body;
	let reference = Some(symbol.0.clone());
	let action = Action::CreateProgram { name: name.0, symbol: symbol.0, terms: terms.into() };
	app.begin(&caller, Wish { action, reference, key: Some(posted.key) }, posted.again, wait).await
}

/// Promise other terms for points from the next period on.
#[utoipa::path(
	patch,
	path = "/v1/programs/{program}",
	tag = "programs",
	params(("program" = u16, Path, description = "The program's number"), WriteHeaders),
	request_body = TermsBody,
	responses(Begun),
	security(("key" = []))
)]
pub async fn revise(
	State(app): State<App>,
	By(caller): By<ISSUER>,
	Named(program): Named<u16>,
	wait: Wait,
	posted: Posted<TermsBody>,
) -> Result<Begun, Refusal> {
	app.own_program(caller.institution, program).await?;
	let action = Action::ReviseTerms { program, terms: posted.body.into() };
	app.begin(&caller, Wish { action, reference: None, key: Some(posted.key) }, posted.again, wait).await
}

/// A program of the alliance.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ProgramView {
	pub program: u16,
	/// The institution whose it is.
	pub issuer: u32,
	pub name: String,
	pub symbol: String,
	pub decimals: u8,
	/// Settlement micro-units of one smallest unit.
	pub face_value: u32,
}

/// The programs of the alliance.
#[utoipa::path(
	get,
	path = "/v1/programs",
	tag = "alliance",
	responses((status = 200, body = Page<ProgramView>))
)]
pub async fn list(State(app): State<App>) -> Result<Json<Page<ProgramView>>, Refusal> {
	let programs = app.programs().await?;
	let items = programs
		.iter()
		.map(|(program, facts)| ProgramView {
			program: *program,
			issuer: facts.issuer,
			name: facts.name.clone(),
			symbol: facts.symbol.clone(),
			decimals: facts.decimals,
			face_value: facts.face_value,
		})
		.collect();
	Ok(Json(Page::whole(items)))
}
