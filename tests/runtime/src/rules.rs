//! What the members agreed on is what the pallets do.

use crate::{alliance::*, chain::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::Members;
use hanse_runtime::{constants::UNIT, Clearing, Institutions, Rulebook, Runtime, RuntimeCall};
use pallet_points::{Period, Terms};
use pallet_rulebook::Rule;
use sp_core::H256;
use sp_runtime::DispatchResult;

/// Votes `value` for `rule` and waits until it is in force.
fn amend(rule: Rule, value: u128) {
	let call = pallet_rulebook::Call::amend { rule, value, charter: H256::repeat_byte(1) }.into();
	assert_ok!(decide(&call, &[1, 2, 3]));
	wait(Rulebook::rules().notice);
	assert_eq!(Rulebook::rules().get(rule), value);
}

fn signed(who: u32, call: RuntimeCall) -> DispatchResult {
	dispatch(member(who), call)
}

fn apply(i: u8) -> DispatchResult {
	let call = pallet_institutions::Call::apply { profile: profile(&format!("Applicant {i}")) };
	dispatch(applicant(i), call)
}

#[test]
fn a_raised_bond_binds_applicants_at_once_and_members_after_an_era() {
	run_on(alliance_of(4), || {
		let sky = program(1, TERMS);
		let bond = Rulebook::rules().admission_bond;
		amend(Rule::AdmissionBond, bond + bond / 4);
		assert_ok!(apply(0));
		assert_eq!(Institutions::bond(5), bond + bond / 4);

		let issue = |number| {
			let order = order(number);
			signed(1, pallet_points::Call::issue { program: sky, to: applicant(1), amount: 1, order }.into())
		};
		assert_ok!(issue(1));
		wait(DAY);
		assert_noop!(issue(2), pallet_institutions::Error::<Runtime>::BondTooSmall);
		assert_ok!(signed(1, pallet_institutions::Call::top_up_bond { amount: bond / 4 }.into()));
		assert_ok!(issue(2));
	});
}

#[test]
fn a_lowered_liability_ratio_binds_after_an_era() {
	use hanse_primitives::Reserves as _;
	run_on(alliance_of(4), || {
		let worth_a_unit = Terms { face_value: 10_000, ..TERMS };
		let_grow();
		let sky = program(1, worth_a_unit);
		let backing = Institutions::bond(1) + Clearing::reserve(1);
		let cap = |ratio: u128| (backing * ratio / 100) / 10_000;
		amend(Rule::LiabilityRatio, 300);
		let issue = |amount, number| {
			let order = order(number);
			signed(1, pallet_points::Call::issue { program: sky, to: applicant(1), amount, order }.into())
		};
		assert_ok!(issue(cap(350), 1));
		wait(DAY);
		assert_noop!(issue(1, 2), pallet_points::Error::<Runtime>::OverLiabilityCap);
	});
}

#[test]
fn a_receipt_closes_by_the_rule_of_the_day_it_was_paid() {
	run_on(alliance_of(4), || {
		let sky = program(1, TERMS);
		let ann = crate::wallet::Wallet::new(1);
		crate::wallet::register(1, &ann, 1);
		issue(1, sky, &[ann.account()], 1_000, 0);
		let paid = order(1);
		assert_ok!(dispatch(ann.account(), payment(2, 1, UNIT, &[(sky, 400)])));
		let window = Rulebook::rules().refund_window;
		amend(Rule::RefundWindow, u128::from(window) - 5);
		let receipts = || pallet_exchange::Receipts::<Runtime>::iter().count();
		let day = |n: u64| START + n * DAY;
		block_at(day(u64::from(window)) - 60_000, vec![]);
		next_block();
		assert_eq!(receipts(), 1, "paid in era {}", paid.era);
		block_at(day(u64::from(window)), vec![]);
		next_block();
		assert_eq!(receipts(), 0);
	});
}

#[test]
fn the_longest_validity_and_the_length_of_sessions_and_eras_are_rules() {
	run_on(alliance_of(4), || {
		let longest = Rulebook::rules().max_validity;
		let terms = Terms { period: Period::Milliseconds(365 * DAY), validity: longest, ..TERMS };
		let create = |terms| {
			let (name, symbol) = (b"Sky".to_vec(), b"SKY".to_vec());
			signed(1, pallet_points::Call::create_program { name, symbol, terms }.into())
		};
		assert_ok!(create(terms));
		amend(Rule::MaxValidity, u128::from(longest) - 1);
		assert_noop!(create(terms), pallet_points::Error::<Runtime>::InvalidValidity);

		amend(Rule::Session, 500_000);
		let session = || pallet_session::CurrentIndex::<Runtime>::get();
		wait(500_000);
		let before = session();
		wait(490_000);
		assert_eq!(session(), before);
		wait(10_000);
		assert_eq!(session(), before + 1);

		let before = era();
		amend(Rule::Era, u128::from(DAY / 4 * 5));
		// Three days' notice.
		assert_eq!(era(), before + 3);
		wait(DAY);
		wait(DAY / 4 * 5);
		assert_eq!(era(), before + 5);
	});
}

#[test]
fn every_version_is_readable_with_its_block_and_its_charter() {
	run_on(alliance_of(4), || {
		let before = Rulebook::rules();
		amend(Rule::Interchange, 6_000);
		let (first, second) = (Rulebook::charter(0), Rulebook::charter(1));
		assert_eq!((first, second), (Some(H256::zero()), Some(H256::repeat_byte(1))));
		let version = |n| pallet_rulebook::Versions::<Runtime>::get(n).unwrap();
		assert_eq!(version(0).rules, before);
		assert_eq!((version(1).rules.interchange, version(1).since > 1), (6_000, true));
	});
}
