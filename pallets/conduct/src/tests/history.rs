//! Random histories: the invariants hold after each step, money neither appears nor vanishes, the pot has
//! what went in less what came out, and renaming the members permutes every outcome.

use super::mock::*;
use crate::{ConductRecord, Docket, OffenceEntry, PotFlows, PotTotals};
use hanse_primitives::{Balance, Moment, OffenceKind, Penalty};
use proptest::{prelude::*, test_runner::TestRunner};
use sp_runtime::DispatchResult;
use std::{cell::RefCell, collections::BTreeMap};

/// What happens, to a member by number from 0 and a customer by number from 0.
#[derive(Clone, Copy, Debug)]
enum Act {
	Does(usize, usize),
	Complain(usize, usize, u64, Balance),
	Refund(usize, usize, u64),
	CloseWindow(usize, usize, u64),
	Answer(usize),
	Bring(usize, usize, u64),
	Uphold(usize, u64),
	Reverse(usize, u32),
	Earn(usize, usize, Balance),
	Serve(usize, bool),
	Short(usize),
	Dispensable(u32),
	TopUp(usize, Balance),
	Leave(usize),
	Close(usize),
	Require(Balance),
	Recover(usize, usize),
	Pass(Moment, u64),
}

const OFFENCES: [(OffenceKind, Penalty); 5] = [
	(OffenceKind::Equivocation, Penalty { demerits: 9, fine: 400_000, stop_issuing: 2, suspension: 2 }),
	(OffenceKind::Offline, Penalty { demerits: 1, fine: 12_345, stop_issuing: 0, suspension: 0 }),
	(OffenceKind::UnderBonded, Penalty { demerits: 0, fine: 0, stop_issuing: 1, suspension: 0 }),
	(OffenceKind::UnansweredComplaint, Penalty { demerits: 2, fine: 33_333, stop_issuing: 0, suspension: 1 }),
	(OffenceKind::UpheldComplaint, Penalty { demerits: 3, fine: 50_000, stop_issuing: 1, suspension: 0 }),
];
const CUSTOMERS: [u64; 3] = [ANN, BEN, POOR];

fn acts() -> impl Strategy<Value = Vec<Act>> {
	let who = || 0..MEMBERS as usize;
	let customer = || 0..CUSTOMERS.len();
	let n = || 1..5u64;
	let act = prop_oneof![
		4 => (who(), 0..3usize).prop_map(|(who, offence)| Act::Does(who, offence)),
		8 => (who(), customer(), n(), 1..800u128).prop_map(|(m, c, n, value)| Act::Complain(m, c, n, value)),
		1 => (who(), customer(), n()).prop_map(|(m, c, n)| Act::Refund(m, c, n)),
		1 => (who(), customer(), n()).prop_map(|(m, c, n)| Act::CloseWindow(m, c, n)),
		12 => who().prop_map(Act::Answer),
		30 => (who(), who(), n()).prop_map(|(by, m, n)| Act::Bring(by, m, n)),
		20 => (who(), n()).prop_map(|(m, n)| Act::Uphold(m, n)),
		2 => (who(), 1..4u32).prop_map(|(m, n)| Act::Reverse(m, n)),
		3 => (who(), who(), 1..200u128).prop_map(|(m, payer, v)| Act::Earn(m, payer, v)),
		// Who leaves does not come back, so rarely.
		1 => (who(), 0..8u8).prop_map(|(who, n)| if n == 0 { Act::Leave(who) } else { Act::Close(who) }),
		4 => (who(), prop::bool::weighted(0.6)).prop_map(|(who, well)| Act::Serve(who, well)),
		1 => who().prop_map(Act::Short),
		1 => (0..3u32).prop_map(Act::Dispensable),
		2 => (who(), 1..500u128).prop_map(|(who, amount)| Act::TopUp(who, amount)),
		1 => (BOND / 2..BOND + 200).prop_map(Act::Require),
		1 => (customer(), customer()).prop_map(|(old, new)| Act::Recover(old, new)),
		8 => (1..ANSWER / 2, 0..9u64).prop_map(|(duration, room)| Act::Pass(duration, room)),
		2 => (1..ERA, 0..9u64).prop_map(|(duration, room)| Act::Pass(duration, room)),
	];
	prop::collection::vec(act, 50..150)
}

/// Does it, if it can be done; `name` is the id of each member.
fn perform(act: Act, name: &[u32]) -> DispatchResult {
	match act {
		Act::Does(who, offence) => does(name[who], OFFENCES[offence].0),
		Act::Complain(m, c, n, value) => {
			// About an order that is paid now, or was before.
			if Bills::get((name[m], CUSTOMERS[c], order(n))).is_none() {
				pays(name[m], CUSTOMERS[c], n, value);
			}
			return complain(name[m], CUSTOMERS[c], n);
		},
		Act::Refund(m, c, n) => Bills::mutate((name[m], CUSTOMERS[c], order(n)), |bill| {
			if let Some(bill) = bill {
				bill.0 = 0;
			}
		}),
		Act::CloseWindow(m, c, n) => Bills::mutate((name[m], CUSTOMERS[c], order(n)), |bill| {
			if let Some(bill) = bill {
				bill.1 = false;
			}
		}),
		Act::Answer(m) => return answer(name[m], crate::Dockets::<Test>::get(name[m]).filed),
		Act::Bring(who, m, n) => return bring(name[who], name[m], n),
		Act::Uphold(m, n) => return uphold(name[m], n),
		Act::Reverse(m, n) => return reverse(name[m], n),
		Act::Earn(m, payer, value) => {
			if free(name[payer].into()) >= value + ED {
				earns(name[m], name[payer].into(), value);
			}
		},
		Act::Serve(who, well) => {
			if Served::get().iter().all(|service| service.institution != name[who]) {
				if well {
					serve([name[who]]);
				} else {
					fail([name[who]]);
				}
			}
		},
		Act::Short(who) => Short::mutate(|short| match short.iter().position(|id| *id == name[who]) {
			Some(place) => drop(short.remove(place)),
			None => short.push(name[who]),
		}),
		Act::Dispensable(most) => Dispensable::set(most + Stopped::get().len() as u32),
		Act::TopUp(who, amount) => return Institutions::top_up_bond(by(name[who]), amount),
		Act::Leave(who) => return Institutions::leave(by(name[who])),
		Act::Close(who) => return Institutions::close(by(name[who]), name[who]),
		Act::Require(bond) => RequiredBond::set(bond),
		Act::Recover(old, new) => Successors::mutate(|heirs| {
			if old < new {
				heirs.insert(CUSTOMERS[old], CUSTOMERS[new]);
			}
		}),
		Act::Pass(duration, room) => {
			Timestamp::set_timestamp(now() + duration);
			poll_with(room);
			poll();
		},
	}
	Ok(())
}

/// What there is to say about a member.
#[derive(Debug, PartialEq)]
struct ComplaintOutcome {
	money: [Balance; 4],
	record: ConductRecord,
	offences: Vec<OffenceEntry>,
	docket: Docket,
	is_active: bool,
	is_stopped: bool,
}

fn outcome_of(member: u32) -> ComplaintOutcome {
	ComplaintOutcome {
		money: [free(member.into()), bond(member), escrow(member), deposit_of(member)],
		record: record(member),
		offences: crate::OffenceLog::<Test>::get(member).into_inner(),
		docket: crate::Dockets::<Test>::get(member),
		is_active: is_active(member),
		is_stopped: Stopped::get().contains(&member),
	}
}

/// What came of `acts`, by member; also which of them could be done, and what the pot and the customers have.
fn play(acts: &[Act], name: &[u32]) -> (Vec<ComplaintOutcome>, Vec<bool>, Vec<Balance>) {
	let mut result = None;
	run(|| {
		OFFENCES.iter().for_each(|(offence, penalty)| price(*offence, *penalty));
		let mut fed = 0;
		let mut done = Vec::new();
		for act in acts {
			let before = pot() + PotTotals::<Test>::get().paid_out - PotTotals::<Test>::get().paid_in;
			done.push(perform(*act, name).is_ok());
			Conduct::do_try_state().unwrap();
			let PotFlows { paid_in, paid_out } = PotTotals::<Test>::get();
			if let Act::Earn(..) = act {
				fed += pot() + paid_out - paid_in - before;
			}
			assert_eq!(pot(), fed + paid_in - paid_out, "the pot after {act:?}");
		}
		let money = [POT].into_iter().chain(CUSTOMERS).map(free).collect();
		result = Some((name.iter().map(|member| outcome_of(*member)).collect(), done, money));
	});
	result.unwrap()
}

/// What kind of act it is.
fn kind(act: &Act) -> String {
	let text = format!("{act:?}");
	text.split('(').next().unwrap_or_default().into()
}

#[test]
fn no_history_breaks_a_rule_and_renaming_the_members_permutes_it() {
	let plain: Vec<_> = (1..=MEMBERS as u32).collect();
	let names = Just(plain.clone()).prop_shuffle();
	let done = RefCell::new(BTreeMap::<String, u32>::new());
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) };
	TestRunner::new(config)
		.run(&(acts(), names), |(acts, name)| {
			let played = play(&acts, &plain);
			for (act, _) in acts.iter().zip(&played.1).filter(|(_, done)| **done) {
				*done.borrow_mut().entry(kind(act)).or_default() += 1;
			}
			prop_assert_eq!(played, play(&acts, &name));
			Ok(())
		})
		.unwrap();
	// A history in which nothing succeeds proves nothing.
	for (kind, least) in
		[("Complain", 500), ("Answer", 200), ("Bring", 50), ("Uphold", 10), ("Reverse", 10), ("TopUp", 50)]
	{
		let times = done.borrow().get(kind).copied().unwrap_or_default();
		assert!(times >= least, "{kind} was done {times} times only");
	}
}
