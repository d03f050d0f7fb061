//! Invariant 8 of the design: no sequence of pay, refund, exchange and donate leaves its caller, or two
//! colluding members with it, with more value than before. Searched, since a hole would be a clever sequence.

use super::mock::*;
use frame_support::{
	assert_ok,
	storage::{with_storage_layer, with_transaction},
	traits::fungible::Inspect,
};
use hanse_primitives::{Balance, InstitutionId, ProgramId, Reserves as _};
use pallet_points::{LiabilityOf, Period, Programs, Terms};
use sp_runtime::{DispatchError, TransactionOutcome};

const MEMBERS: [InstitutionId; 3] = [AIR, BOOKS, HOTEL];

#[derive(Clone, Copy, Debug)]
enum Act {
	Exchange(ProgramId, Balance, ProgramId),
	/// All that is left of a program.
	ExchangeAll(ProgramId, ProgramId),
	/// A new order at a merchant, with all programs from one on.
	Pay(InstitutionId, Balance, ProgramId),
	/// A part of the youngest payment at a merchant that is not refunded, in hundredths of what is left.
	Refund(InstitutionId, Balance),
	Donate(ProgramId, Balance),
	/// A new order at a merchant, signed on a phone.
	Present(InstitutionId, Balance, ProgramId),
	/// A new order at a merchant, which is to be captured.
	Authorise(InstitutionId, Balance, ProgramId),
	/// Of the youngest authorisation, in hundredths of what is left, and whether the rest goes back.
	Capture(Balance, bool),
	Void,
}

/// Ann's accomplice Ben, who only gets, and Ann are always in it; value is what they hold, what they bought
/// from members that are not in it, and what the members in it own less what they owe.
fn value(members: &[InstitutionId]) -> i128 {
	let held: Balance = Programs::<Test>::iter_values()
		.flat_map(|program| program.vintages)
		.map(|v| {
			(Assets::balance(v.asset, ANN) + Assets::balance(v.asset, BEN)) * Balance::from(v.face_value)
		})
		.sum();
	let authorised: Balance = crate::Authorisations::<Test>::iter_values()
		.map(|a| {
			let taken = crate::Taken { captured: a.captured, in_the_end: true };
			a.left(taken).map(|(held, points)| held.face_value_of(points)).sum::<Balance>()
		})
		.sum();
	let bought: Balance = crate::Receipts::<Test>::iter()
		.filter(|(key, _)| !members.contains(&key.merchant))
		.map(|(_, receipt)| receipt.price - receipt.refunded)
		.sum();
	let owned = members.iter().map(|&id| {
		let claim = pallet_clearing::Encumbrances::<Test>::get(id);
		let account = u64::from(id);
		let money = Balances::total_balance(&account) as i128;
		assert!(claim.accrued + claim.earmarked <= Clearing::reserve(id));
		money - claim.accrued as i128 - LiabilityOf::<Test>::get(id).outstanding as i128
	});
	(held + authorised + bought) as i128 + owned.sum::<i128>()
}

/// Every coalition with at most two members.
fn values() -> Vec<i128> {
	let pairs = [(AIR, BOOKS), (AIR, HOTEL), (BOOKS, HOTEL)].map(|(a, b)| vec![a, b]);
	let alone = MEMBERS.map(|id| vec![id]);
	core::iter::once(vec![]).chain(alone).chain(pairs).map(|members| value(&members)).collect()
}

fn holding(program: ProgramId) -> Balance {
	Programs::<Test>::get(program).unwrap().vintages.iter().map(|v| Assets::balance(v.asset, ANN)).sum()
}

fn next_order() -> u64 {
	let numbers = crate::Receipts::<Test>::iter_keys().map(|key| key.commitment.to_low_u64_be());
	numbers.max().map_or(0, |last| last + 1)
}

fn all_from(first: ProgramId) -> Vec<(ProgramId, Balance)> {
	(first..=4).map(|program| (program, Balance::MAX)).collect()
}

fn youngest() -> Option<(crate::ReceiptKey<u64>, crate::Authorisation)> {
	crate::Authorisations::<Test>::iter().max_by_key(|(key, _)| key.commitment)
}

fn act(act: Act) -> Result<(), DispatchError> {
	with_storage_layer(|| match act {
		Act::Exchange(from, amount, to) => exchange(ANN, from, amount, to, 0),
		Act::ExchangeAll(from, to) => exchange(ANN, from, holding(from), to, 0),
		Act::Pay(merchant, price, first) => pay(ANN, merchant, next_order(), price, &all_from(first)),
		Act::Present(merchant, price, first) => {
			let receipts = crate::Receipts::<Test>::iter_keys().count();
			present(merchant.into(), vec![slip(ANN, merchant, next_order(), price, &all_from(first))])?;
			let is_paid = crate::Receipts::<Test>::iter_keys().count() > receipts;
			is_paid.then_some(()).ok_or("refused".into())
		},
		Act::Authorise(merchant, price, first) => {
			authorize(ANN, merchant, next_order(), price, &all_from(first))
		},
		Act::Capture(hundredths, last) => {
			let (crate::ReceiptKey { merchant, commitment: number, .. }, open) =
				youngest().ok_or("nothing to capture")?;
			let value = ((open.price - open.captured) * hundredths).div_ceil(100);
			let order = hanse_primitives::Order { era: 0, commitment: number };
			crate::Pallet::<Test>::do_capture(merchant, ANN, order, value, last).map(drop)
		},
		Act::Void => {
			let (key, _) = youngest().ok_or("nothing to void")?;
			crate::Pallet::<Test>::do_void(Some(key.merchant), key).map(drop)
		},
		Act::Refund(merchant, hundredths) => {
			let open = crate::Receipts::<Test>::iter()
				.filter(|(key, receipt)| key.merchant == merchant && receipt.refunded < receipt.price)
				.max_by_key(|(key, _)| key.commitment);
			let (key, receipt) = open.ok_or("nothing to refund")?;
			let total = receipt.refunded + (receipt.left().unwrap() * hundredths).div_ceil(100);
			crate::Pallet::<Test>::do_refund(merchant, ANN, key.order(receipt.era), total).map(drop)
		},
		Act::Donate(program, amount) => {
			Points::donate(RuntimeOrigin::signed(ANN), program, BEN, amount).map(drop).map_err(|e| e.error)
		},
	})
}

/// Ann holds points of four programs, the fourth an airline's second, whose face values do not divide each
/// other.
fn start() {
	let terms = Terms {
		face_value: 13,
		decimals: 6,
		period: Period::Milliseconds(PERIOD),
		validity: 2 * PERIOD,
		pending: 0,
	};
	let (name, symbol) = (b"More".to_vec(), b"MORE".to_vec());
	assert_ok!(Points::create_program(RuntimeOrigin::signed(1), name, symbol, terms));
	for (program, amount) in [(1, 41), (2, 61), (3, 5)] {
		assert_ok!(issue(program, ANN, amount));
	}
	let number = pallet_points::AwardedOrders::<Test>::iter_keys().count() as u64;
	assert_ok!(Points::issue(RuntimeOrigin::signed(1), 4, ANN, 31, order(number)));
}

fn ensure_no_gain(before: &[i128], path: &[Act]) {
	let after = values();
	assert!(before.iter().zip(&after).all(|(b, a)| a <= b), "{path:?} made {before:?} {after:?}");
}

/// Every sequence of `acts` up to `depth`; returns how many acts succeeded.
fn search(acts: &[Act], depth: usize, before: &[i128], path: &mut Vec<Act>) -> usize {
	let mut done = 0;
	for &next in acts {
		path.push(next);
		done += with_transaction(|| {
			let done = act(next).map_or(0, |()| {
				ensure_no_gain(before, path);
				1 + if depth > 1 { search(acts, depth - 1, before, path) } else { 0 }
			});
			TransactionOutcome::Rollback(Ok::<_, DispatchError>(done))
		})
		.unwrap();
		path.pop();
	}
	done
}

#[test]
fn no_sequence_of_five_gains() {
	use Act::*;
	let acts = [
		Exchange(1, 7, 2),
		ExchangeAll(2, 3),
		ExchangeAll(3, 4),
		Exchange(4, 11, 1),
		Pay(BOOKS, 201, 3),
		Pay(HOTEL, 333, 1),
		Pay(AIR, 99, 2),
		Refund(BOOKS, 34),
		Refund(HOTEL, 1),
		Refund(HOTEL, 67),
		Donate(1, 3),
	];
	run(|| {
		Interchange::set(Permill::from_parts(7_777));
		start();
		let done = search(&acts, 5, &values(), &mut Vec::new());
		assert!(done > 10_000, "{done}");
	});
}

#[test]
fn no_sequence_of_five_gains_with_what_is_signed_or_authorised() {
	use Act::*;
	let acts = [
		Authorise(BOOKS, 201, 3),
		Authorise(HOTEL, 333, 1),
		Capture(34, false),
		Capture(50, true),
		Void,
		Refund(HOTEL, 67),
		Refund(BOOKS, 100),
		Present(HOTEL, 99, 2),
		ExchangeAll(2, 3),
	];
	run(|| {
		Interchange::set(Permill::from_parts(7_777));
		start();
		let done = search(&acts, 5, &values(), &mut Vec::new());
		assert!(done > 5_000, "{done}");
	});
}

#[test]
fn no_random_sequence_of_ten_gains() {
	use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
	let (program, member) = (|| 1..=4u16, || 1..=3u32);
	let any_act = prop_oneof![
		(program(), 1..40u128, program()).prop_map(|(from, amount, to)| Act::Exchange(from, amount, to)),
		(program(), program()).prop_map(|(from, to)| Act::ExchangeAll(from, to)),
		(member(), 5..600u128, program()).prop_map(|(m, price, first)| Act::Pay(m, price, first)),
		(member(), 1..=100u128).prop_map(|(m, hundredths)| Act::Refund(m, hundredths)),
		(program(), 1..9u128).prop_map(|(program, amount)| Act::Donate(program, amount)),
		(member(), 5..600u128, program()).prop_map(|(m, price, first)| Act::Present(m, price, first)),
		(member(), 5..600u128, program()).prop_map(|(m, price, first)| Act::Authorise(m, price, first)),
		(1..=100u128, any::<bool>()).prop_map(|(hundredths, last)| Act::Capture(hundredths, last)),
		Just(Act::Void),
	];
	let mut runner = TestRunner::deterministic();
	let mut done = 0;
	for interchange in [0, 1, 7_777, 999_999] {
		for _ in 0..250 {
			genesis().execute_with(|| {
				Interchange::set(Permill::from_parts(interchange));
				start();
				let (before, mut path) = (values(), Vec::new());
				for _ in 0..10 {
					let next = any_act.new_tree(&mut runner).unwrap().current();
					if act(next).is_ok() {
						path.push(next);
						done += 1;
						ensure_no_gain(&before, &path);
					}
				}
				check();
			});
		}
	}
	assert!(done > 2_000, "{done}");
}
