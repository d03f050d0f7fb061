//! What is done at random.

use crate::chain::DAY;
use hanse_primitives::{Balance, InstitutionId, ProgramId};
use proptest::prelude::*;

#[derive(Clone, Debug)]
pub(crate) enum Step {
	Issue {
		program: ProgramId,
		to: u32,
		amount: Balance,
	},
	Batch {
		program: ProgramId,
		amounts: Vec<Balance>,
	},
	Cancel {
		nth: usize,
		total: Balance,
	},
	Mature {
		limit: u32,
	},
	Revise {
		program: ProgramId,
		face_value: u32,
		pending: u64,
		validity: u64,
	},
	Give {
		program: ProgramId,
		from: u32,
		to: u32,
		amount: Balance,
	},
	Donate {
		program: ProgramId,
		from: u32,
		to: u32,
		amount: Balance,
	},
	Pay {
		payer: u32,
		merchant: InstitutionId,
		price: Balance,
		legs: Vec<(ProgramId, Balance)>,
	},
	Authorize {
		payer: u32,
		merchant: InstitutionId,
		price: Balance,
		legs: Vec<(ProgramId, Balance)>,
	},
	Capture {
		nth: usize,
		value: Balance,
	},
	Void {
		nth: usize,
	},
	Refund {
		nth: usize,
		value: Balance,
	},
	/// As an upheld complaint does.
	PayBack {
		nth: usize,
	},
	Exchange {
		who: u32,
		from: ProgramId,
		to: ProgramId,
		amount: Balance,
	},
	TopUp {
		institution: InstitutionId,
		amount: Balance,
	},
	DrawDown {
		institution: InstitutionId,
		amount: Balance,
	},
	/// As far as can be, but for a little.
	Drain {
		institution: InstitutionId,
		left: Balance,
	},
	GrantLine {
		creditor: InstitutionId,
		debtor: InstitutionId,
		limit: Balance,
	},
	Payout {
		institution: InstitutionId,
		amount: Balance,
	},
	EndPayout {
		institution: InstitutionId,
		by_agent: bool,
	},
	Fund {
		institution: InstitutionId,
		amount: Balance,
		attested: bool,
	},
	Halt {
		who: u32,
		days: u64,
		ratified: bool,
	},
	DeadlineClock {
		program: ProgramId,
		stop: bool,
	},
	Unregister {
		who: u32,
	},
	Register {
		who: u32,
	},
	Wait {
		time: u64,
	},
}

/// Small amounts that meet, and now and then one that fits nowhere.
fn amount() -> impl Strategy<Value = Balance> {
	prop_oneof![20 => 0..20_000u128, 4 => 0..2_000_000u128, 1 => Just(Balance::MAX)]
}

/// What is bought costs more now and then, up to what lets a drained reserve fall short.
fn price() -> impl Strategy<Value = Balance> {
	prop_oneof![1 => amount(), 1 => 0..60_000_000u128]
}

/// Points of which programs pay it, often all that there are.
fn legs() -> impl Strategy<Value = Vec<(ProgramId, Balance)>> {
	let most = prop_oneof![1 => amount(), 1 => Just(Balance::MAX)];
	prop::collection::vec((1..=5u16, most), 0..5)
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
	let (program, person, member) = (|| 1..=5u16, || 0..4u32, || 1..=5u32);
	prop_oneof![
		6 => (program(), person(), amount()).prop_map(|(program, to, amount)| Step::Issue { program, to, amount }),
		2 => (program(), prop::collection::vec(amount(), 0..5))
			.prop_map(|(program, amounts)| Step::Batch { program, amounts }),
		2 => (0..20usize, amount()).prop_map(|(nth, total)| Step::Cancel { nth, total }),
		1 => (0..5u32).prop_map(|limit| Step::Mature { limit }),
		1 => (program(), 0..10_100u32, 0..3u64, 1..7u64).prop_map(|(program, face_value, pending, validity)| {
			Step::Revise { program, face_value, pending: pending * 10 * DAY, validity: validity * 30 * DAY }
		}),
		3 => (program(), person(), person(), amount())
			.prop_map(|(program, from, to, amount)| Step::Give { program, from, to, amount }),
		3 => (program(), person(), person(), amount())
			.prop_map(|(program, from, to, amount)| Step::Donate { program, from, to, amount }),
		8 => (person(), member(), price(), legs())
			.prop_map(|(payer, merchant, price, legs)| Step::Pay { payer, merchant, price, legs }),
		3 => (person(), member(), price(), legs())
			.prop_map(|(payer, merchant, price, legs)| Step::Authorize { payer, merchant, price, legs }),
		2 => (0..5usize, amount()).prop_map(|(nth, value)| Step::Capture { nth, value }),
		1 => (0..5usize).prop_map(|nth| Step::Void { nth }),
		4 => (0..20usize, amount()).prop_map(|(nth, value)| Step::Refund { nth, value }),
		2 => (0..20usize).prop_map(|nth| Step::PayBack { nth }),
		5 => (person(), program(), program(), amount())
			.prop_map(|(who, from, to, amount)| Step::Exchange { who, from, to, amount }),
		1 => (member(), amount()).prop_map(|(institution, amount)| Step::TopUp { institution, amount }),
		1 => (member(), 0..30_000_000_000u128)
			.prop_map(|(institution, amount)| Step::DrawDown { institution, amount }),
		3 => (member(), amount()).prop_map(|(institution, left)| Step::Drain { institution, left }),
		5 => (member(), member(), 0..60_000_000u128)
			.prop_map(|(creditor, debtor, limit)| Step::GrantLine { creditor, debtor, limit }),
		1 => (member(), amount()).prop_map(|(institution, amount)| Step::Payout { institution, amount }),
		1 => (member(), any::<bool>())
			.prop_map(|(institution, by_agent)| Step::EndPayout { institution, by_agent }),
		1 => (member(), amount(), 0..4u8).prop_map(|(institution, amount, attested)| {
			Step::Fund { institution, amount, attested: attested > 0 }
		}),
		1 => (person(), 0..9u64, any::<bool>())
			.prop_map(|(who, days, ratified)| Step::Halt { who, days, ratified }),
		1 => (program(), any::<bool>()).prop_map(|(program, stop)| Step::DeadlineClock { program, stop }),
		1 => person().prop_map(|who| Step::Unregister { who }),
		2 => person().prop_map(|who| Step::Register { who }),
		4 => (0..12 * DAY).prop_map(|time| Step::Wait { time }),
	]
}
