//! Awards: points for orders, each order once. One, or many with a result for each line.

use super::{
	super::{
		App,
		access::{By, Caller, ISSUER, TILL},
		begin::{Begun, Wait, Wish, WriteHeaders},
		json::{At, body},
		lines::{Line, Lines},
		pages::Named,
		post::Posted,
		problem::Refusal,
		values::{Address, Digest, Reference, Units},
	},
	results::OneOrMany,
};
use crate::{
	model::{Action, Fault, Hash, Order},
	orders::commitment::{Scope, commitment},
};
use axum::{
	extract::State,
	response::{IntoResponse, Response},
};
use hanse_chain::{AccountId, EraIndex};
use std::collections::HashMap;

body! {
	/// Points for an order.
	pub struct Award {
		/// One of the institution's own programs.
		#[schema(example = 1)]
		pub program: u16,
		/// The order's number, as the institution has it. It is rewarded once in a program.
		pub order: Reference,
		/// Who earned them; or name the `customer`.
		pub to: Option<Address>,
		/// A customer of the institution, by its reference.
		pub customer: Option<Reference>,
		/// Smallest units.
		pub points: Units,
		/// The hash of signed opening balances, of which the order is a line: `hanse-gateway opening issue` sends it.
		pub document: Option<Digest>,
	}
}

/// An award, or many.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what is read one way or the other")]
#[serde(untagged)]
pub enum OneAwardOrMany {
	One(Box<Award>),
	Many(Vec<Award>),
}

impl Line for Award {
	const PLAIN: &'static [&'static str] = &["program"];

	fn faults(&self) -> Vec<Fault> {
		match self.to.is_some() == self.customer.is_some() {
			true => vec![At::ROOT.fault("is to name either `to` or `customer`.")],
			false => Vec::new(),
		}
	}
}

/// Award points: one award, or up to 5,000 as a JSON array, NDJSON or CSV with a result for each line.
#[utoipa::path(
	post,
	path = "/v1/awards",
	tag = "awards",
	params(WriteHeaders),
	request_body(content((OneAwardOrMany = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"))),
	responses(
		(status = 200, description = "It is over; of many, what became of each line", body = OneOrMany),
		(status = 202, description = "It is begun; of many, what became of each line", body = OneOrMany)
	),
	security(("key" = []))
)]
pub async fn award(
	State(app): State<App>,
	By(caller): By<{ ISSUER | TILL }>,
	wait: Wait,
	posted: Posted<Lines<Award>>,
) -> Result<Response, Refusal> {
	let era = app.era().await?;
	let mut known = HashMap::new();
	match posted.body {
		Lines::One(award) => {
			let wish = wish(&app, &caller, era, award, &mut known).await?;
			Ok(app.begin(&caller, wish, posted.again, wait).await?.into_response())
		},
		Lines::Many(lines) => {
			let mut wishes = Vec::with_capacity(lines.len());
			for line in lines {
				let order = line.as_ref().ok().map(|award| award.order.0.clone());
				let wish = match line {
					Ok(award) => wish(&app, &caller, era, award, &mut known).await,
					Err(refusal) => Err(refusal),
				};
				wishes.push((order, wish));
			}
			app.begin_lines(&caller, wishes, posted.again, wait).await
		},
	}
}

/// An award as an operation. `known` are accounts of customers that were looked up before.
async fn wish(
	app: &App,
	caller: &Caller,
	era: EraIndex,
	award: Award,
	known: &mut HashMap<String, AccountId>,
) -> Result<Wish, Refusal> {
	app.own_program(caller.institution, award.program).await?;
	let to = match (award.to, award.customer) {
		(Some(Address(account)), _) => account,
		(None, Some(Reference(customer))) => match known.get(&customer) {
			Some(account) => *account,
			None => {
				let account = app.customer(caller, &customer).await?;
				known.insert(customer, account);
				account
			},
		},
		(None, None) => return Err(Refusal::fault("", "is to name either `to` or `customer`.")),
	};
	let (commitment, reference) = named(app, caller, award.program, award.order, award.document)?;
	let order = Order { era, commitment };
	let action = Action::Award { program: award.program, order, to, points: award.points.0 };
	Ok(Wish { action, reference: Some(reference), key: None })
}

/// What stands on the chain for an order, and what it is called here.
fn named(
	app: &App,
	caller: &Caller,
	program: u16,
	Reference(order): Reference,
	document: Option<Digest>,
) -> Result<(Hash, String), Refusal> {
	let scope = Scope::Award(program);
	Ok(match document {
		// Whoever has the document can tell which of its lines were issued.
		Some(Digest(document)) => {
			(commitment(&document.0, scope, &order), format!("{} {order}", String::from(document)))
		},
		None => (commitment(app.order_key(caller)?, scope, &order), order),
	})
}

body! {
	/// How much of an award to take back.
	pub struct Cancel {
		#[schema(example = 1)]
		pub program: u16,
		/// Smallest units that are taken back in all, those before included: a repeat does nothing.
		pub total: Units,
		/// The hash of the opening balances of which the order is a line.
		pub document: Option<Digest>,
	}
}

/// Take back an award that is pending, whole or in part.
#[utoipa::path(
	post,
	path = "/v1/awards/{order}/cancel",
	tag = "awards",
	params(("order" = String, Path, description = "The order's number"), WriteHeaders),
	request_body = Cancel,
	responses(Begun),
	security(("key" = []))
)]
pub async fn cancel(
	State(app): State<App>,
	By(caller): By<{ ISSUER | TILL }>,
	Named(order): Named<String>,
	wait: Wait,
	posted: Posted<Cancel>,
) -> Result<Begun, Refusal> {
	let Cancel { program, total, document } = posted.body;
	app.own_program(caller.institution, program).await?;
	let (commitment, reference) = named(&app, &caller, program, Reference(order), document)?;
	app.ensure_own_award(&caller, &reference, program, &commitment).await?;
	let action = Action::CancelAward { program, commitment, total: total.0 };
	app.begin(&caller, Wish { action, reference: Some(reference), key: None }, posted.again, wait).await
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::api::post::Content;
	use axum::body::Bytes;

	const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

	fn many(media: &str, text: &str) -> Vec<Result<Award, Refusal>> {
		match Lines::<Award>::read(media, &Bytes::from(text.to_owned())).unwrap() {
			Lines::Many(lines) => lines,
			Lines::One(_) => panic!("one"),
		}
	}

	#[test]
	fn three_forms_say_the_same() {
		let json = format!(r#"[{{"program":1,"order":"A","to":"{ALICE}","points":"5"}}]"#);
		let csv = format!("order,points,program,to,customer\nA,5,1,{ALICE},\n");
		for lines in [
			many("application/json", &json),
			many("application/x-ndjson", &json[1..json.len() - 1]),
			many("text/csv", &csv),
		] {
			let award = lines[0].as_ref().unwrap();
			assert_eq!((award.program, award.order.0.as_str(), award.points.0), (1, "A", 5));
			assert_eq!(award.to.unwrap().0.to_string(), ALICE);
		}
	}

	#[test]
	fn a_bad_line_is_refused_alone() {
		let lines = many(
			"text/csv",
			&format!("program,order,to,points\n1,A,{ALICE},0\nx,B,{ALICE},7\n1,C,{ALICE},7\n"),
		);
		let faults: Vec<_> = lines
			.iter()
			.map(|line| line.as_ref().err().map(|refusal| refusal.problem().errors[0].pointer.clone()))
			.collect();
		assert_eq!(faults, [Some("/points".into()), Some("/program".into()), None]);
	}

	#[test]
	fn who_earned_it_is_named_once() {
		let both = format!(r#"{{"program":1,"order":"A","to":"{ALICE}","customer":"C","points":"5"}}"#);
		for body in [both.as_str(), r#"{"program":1,"order":"A","points":"5"}"#] {
			assert!(Lines::<Award>::read("application/json", &Bytes::from(body.to_owned())).is_err());
		}
	}
}
