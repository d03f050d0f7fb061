//! Random histories: the invariants hold, no money appears or vanishes, and renaming the members permutes
//! the outcome.

use super::mock::*;
use crate::{CurrentCycle, Positions, SettlementStage};
use frame_support::{
	storage::with_storage_layer,
	traits::Hooks,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{Balance, Clearing as _, Earmark, InstitutionId, Members as _, Reserves};
use proptest::{prelude::*, test_runner::TestRunner};
use sp_core::H256;
use sp_runtime::DispatchResult;
use std::{cell::RefCell, collections::BTreeMap};

/// What happens, to members by number.
#[derive(Clone, Copy, Debug)]
enum Act {
	Owe(u32, u32, Balance),
	Grant(u32, u32, Balance),
	TopUp(u32, Balance),
	DrawDown(u32, Balance),
	Earmark(u32, u32, Balance),
	Release,
	Accrue(u32, Balance),
	ReleaseAccrued(u32, Balance),
	Collect(u32, Balance),
	Fund(u32, Balance),
	Payout(u32, Balance),
	EndPayout(u32, bool),
	Turn,
	/// A block with room for so many hundredths of a millisecond.
	Block(u64),
}

const MEMBERS: u32 = 6;

fn acts() -> impl Strategy<Value = Vec<Act>> {
	let who = || 0..MEMBERS;
	let value = || 0..60u128;
	let act = prop_oneof![
		12 => (who(), who(), value()).prop_map(|(a, b, v)| Act::Owe(a, b, v)),
		5 => (who(), who(), value()).prop_map(|(a, b, v)| Act::Grant(a, b, v)),
		1 => (who(), value()).prop_map(|(a, v)| Act::TopUp(a, v)),
		3 => (who(), value()).prop_map(|(a, v)| Act::DrawDown(a, v)),
		2 => (who(), who(), value()).prop_map(|(a, b, v)| Act::Earmark(a, b, v)),
		2 => Just(Act::Release),
		1 => (who(), value()).prop_map(|(a, v)| Act::Accrue(a, v)),
		1 => (who(), value()).prop_map(|(a, v)| Act::ReleaseAccrued(a, v)),
		1 => (who(), value()).prop_map(|(a, v)| Act::Collect(a, v)),
		1 => (who(), value()).prop_map(|(a, v)| Act::Fund(a, v)),
		1 => (who(), value()).prop_map(|(a, v)| Act::Payout(a, v)),
		1 => (who(), any::<bool>()).prop_map(|(a, paid)| Act::EndPayout(a, paid)),
		2 => Just(Act::Turn),
		2 => (1..400u64).prop_map(Act::Block),
	];
	prop::collection::vec(act, 200)
}

#[derive(Default)]
struct Past {
	earmarks: Vec<(InstitutionId, InstitutionId, Earmark)>,
	deposits: u8,
}

fn perform(act: Act, past: &mut Past, name: &impl Fn(u32) -> InstitutionId) -> DispatchResult {
	let signed = |who| by(name(who));
	match act {
		Act::Owe(a, b, value) => Clearing::owe(name(a), name(b), value),
		Act::Grant(a, b, limit) => {
			Clearing::grant_credit_line(signed(a), name(b), limit)?;
			if crate::CreditLines::<Test>::contains_key(name(a), name(b)) {
				Clearing::accept_credit_line(signed(b), name(a), limit)?;
			}
			Ok(())
		},
		Act::TopUp(a, value) => Clearing::top_up(signed(a), value),
		Act::DrawDown(a, value) => Clearing::draw_down(signed(a), value),
		Act::Earmark(a, b, value) => {
			let earmark = Clearing::earmark(name(a), name(b), value)?;
			past.earmarks.push((name(a), name(b), earmark));
			Ok(())
		},
		Act::Release => {
			let Some((debtor, creditor, earmark)) = past.earmarks.pop() else { return Ok(()) };
			Clearing::release_earmark(debtor, creditor, earmark).unwrap();
			// The law: what was kept can be owed now, except on a line while a settlement spans blocks.
			if !Clearing::is_running() || earmark.line == 0 {
				Clearing::owe(debtor, creditor, earmark.line + earmark.reserve).unwrap();
			}
			Ok(())
		},
		Act::Accrue(a, value) => Clearing::accrue(name(a), value),
		Act::ReleaseAccrued(a, value) => {
			let accrued = crate::Encumbrances::<Test>::get(name(a)).accrued;
			Clearing::release_accrued(name(a), value.min(accrued))
		},
		Act::Collect(a, value) => Clearing::collect(name(a), value),
		Act::Fund(a, amount) => {
			past.deposits += 1;
			let reference = H256::repeat_byte(past.deposits);
			Clearing::report_deposit(RuntimeOrigin::signed(AGENT), name(a), amount, reference)?;
			Clearing::confirm_deposit(RuntimeOrigin::signed(AUDITOR), reference)
		},
		Act::Payout(a, amount) => Clearing::request_payout(signed(a), amount),
		Act::EndPayout(a, true) => Clearing::complete_payout(RuntimeOrigin::signed(AGENT), name(a)),
		Act::EndPayout(a, false) => Clearing::cancel_payout(by(1), name(a)),
		Act::Turn => {
			turn();
			Ok(())
		},
		Act::Block(room) => {
			Now::set(Now::get() + CYCLE / 3);
			let room = Weight::from_parts(room * 10_000_000, u64::MAX);
			Clearing::on_poll(System::block_number(), &mut WeightMeter::with_limit(room));
			Ok(())
		},
	}
}

/// What happens to members with these names, by member: reserve, bond, debts, free balance.
fn outcome(
	acts: &[Act],
	name: impl Fn(u32) -> InstitutionId,
	done: &RefCell<BTreeMap<String, u32>>,
) -> Vec<(Vec<Balance>, Balance)> {
	let number = |id| (0..MEMBERS).find(|n| name(*n) == id).unwrap();
	let reserve = |id| 40 * Balance::from(number(id));
	genesis_of(MEMBERS, reserve, 120).execute_with(|| {
		let mut past = Past::default();
		let outside = Balances::total_issuance();
		for (stage, act) in acts.iter().enumerate() {
			let debts = || (1..=MEMBERS).map(<Clearing as Reserves>::bond_debt).collect::<Vec<_>>();
			let before = debts();
			// As a call would: what fails leaves no trace.
			if with_storage_layer(|| perform(*act, &mut past, &name)).is_ok() {
				*done.borrow_mut().entry(kind(act)).or_default() += 1;
			}
			// A debt that grows is never more than the bond that answers for it.
			for (id, (before, after)) in (1..).zip(before.into_iter().zip(debts())) {
				assert!(after <= before || after <= Alliance::bond(id));
			}
			let issued = crate::IssuanceTotals::<Test>::get();
			assert_eq!(Balances::total_issuance(), outside + issued.minted - issued.burned);
			if stage % 50 == 49 {
				Clearing::do_try_state().unwrap();
			}
		}
		while CurrentCycle::<Test>::get().stage != SettlementStage::Idle {
			poll();
		}
		Clearing::do_try_state().unwrap();
		assert!(Positions::<Test>::count() <= MEMBERS * (MEMBERS - 1) / 2);
		(0..MEMBERS)
			.map(|n| {
				let id = name(n);
				let debts = (0..MEMBERS).filter(|m| *m != n).map(|m| owes(id, name(m))).collect();
				(debts, reserve(id) + 1_000_000 * Alliance::bond(id))
			})
			.collect()
	})
}

/// What kind of act it is.
fn kind(act: &Act) -> String {
	let text = format!("{act:?}");
	text.split('(').next().unwrap_or_default().into()
}

#[test]
fn no_history_breaks_a_rule_or_favours_a_name() {
	let done = RefCell::default();
	let config = ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() };
	TestRunner::new(config)
		.run(&(acts(), 1..MEMBERS), |(acts, shift)| {
			let plain = outcome(&acts, |who| who + 1, &done);
			let turned = outcome(&acts, |who| (who + shift) % MEMBERS + 1, &done);
			prop_assert_eq!(&plain, &turned);
			let mirrored = outcome(&acts, |who| MEMBERS - who, &done);
			prop_assert_eq!(plain, mirrored);
			Ok(())
		})
		.unwrap();
	// A history in which nothing succeeds proves nothing.
	for (kind, least) in [
		("Owe", 2_000),
		("Grant", 2_000),
		("TopUp", 500),
		("DrawDown", 500),
		("Earmark", 500),
		("Release", 500),
		("Accrue", 500),
		("ReleaseAccrued", 500),
		("Collect", 100),
		("Fund", 100),
		("Payout", 50),
		("EndPayout", 20),
	] {
		let times = done.borrow().get(kind).copied().unwrap_or_default();
		assert!(times >= least, "{kind} was done {times} times only");
	}
}
