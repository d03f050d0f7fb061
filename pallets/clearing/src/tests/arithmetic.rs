//! What settles, against every set that could.

use crate::cycle::{settle, spread, Obligation};
use hanse_primitives::{Balance, InstitutionId};
use proptest::prelude::*;
use sp_runtime::ArithmeticError;
use std::collections::BTreeMap;

pub(super) type Case = (Vec<Balance>, Vec<Obligation>);

/// Up to six members, each with up to three units, of one to five obligations each on average.
pub(super) fn cases() -> impl Strategy<Value = Case> {
	(1..=6u32).prop_flat_map(|members| {
		let obligation = (0..members, 0..members, 0..3u32, 1..40u128)
			.prop_map(|(debtor, creditor, cycle, value)| Obligation { debtor, creditor, cycle, value });
		let reserves = prop::collection::vec(0..30u128, members as usize);
		(reserves, prop::collection::vec(obligation, 0..14)).prop_map(|(reserves, obligations)| {
			(reserves, obligations.into_iter().filter(|o| o.debtor != o.creditor).collect())
		})
	})
}

fn settled(reserves: &[Balance], obligations: &[Obligation]) -> Vec<Balance> {
	settle(&reserves.iter().enumerate().map(|(id, has)| (id as u32, *has)).collect(), obligations).unwrap()
}

/// What each member has if the units of cycles below `kept` settle; `None` if somebody ends below zero.
fn ends(reserves: &[Balance], obligations: &[Obligation], kept: &[u32]) -> Option<Vec<i128>> {
	let mut has: Vec<_> = reserves.iter().map(|reserve| *reserve as i128).collect();
	for o in obligations.iter().filter(|o| o.cycle < kept[o.debtor as usize]) {
		has[o.debtor as usize] -= o.value as i128;
		has[o.creditor as usize] += o.value as i128;
	}
	has.iter().all(|has| *has >= 0).then_some(has)
}

/// The largest set that is feasible, found by looking at all; and that it contains every other.
fn largest(reserves: &[Balance], obligations: &[Obligation]) -> Vec<u32> {
	let members = reserves.len() as u32;
	let feasible: Vec<Vec<u32>> = (0..4u32.pow(members))
		.map(|n| (0..members).map(|id| n / 4u32.pow(id) % 4).collect())
		.filter(|kept: &Vec<u32>| ends(reserves, obligations, kept).is_some())
		.collect();
	let top = (0..members as usize).map(|id| feasible.iter().map(|kept| kept[id]).max().unwrap_or(0));
	top.collect()
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..Default::default() })]
	#[test]
	fn what_settles_is_the_largest_set_that_can((reserves, obligations) in cases()) {
		let paid = settled(&reserves, &obligations);
		let kept = largest(&reserves, &obligations);
		let has = ends(&reserves, &obligations, &kept).expect("the union of feasible sets is feasible");
		for (id, has) in has.iter().enumerate() {
			let of = |cycle: &dyn Fn(u32) -> bool| -> Vec<_> {
				obligations.iter().zip(&paid).filter(|(o, _)| o.debtor == id as u32 && cycle(o.cycle)).collect()
			};
			let all = of(&|cycle| cycle < kept[id]);
			prop_assert!(all.iter().all(|(o, paid)| o.value == **paid));
			// Of the first unit that was dropped, each gets its share of what is left, rounded down.
			let dropped = of(&|cycle| cycle >= kept[id]);
			let first = dropped.iter().map(|(o, _)| o.cycle).min();
			let total: Balance = dropped.iter().filter(|(o, _)| Some(o.cycle) == first).map(|(o, _)| o.value).sum();
			for (o, paid) in dropped {
				let share = if Some(o.cycle) == first { *has as Balance * o.value / total } else { 0 };
				prop_assert_eq!(*paid, share);
			}
		}
	}

	#[test]
	fn neither_the_order_nor_the_names_of_members_change_what_settles(
		(reserves, obligations) in cases(),
		seed in any::<u64>(),
	) {
		let mut rng = seed;
		let mut shuffled: Vec<usize> = (0..reserves.len()).collect();
		let mut order: Vec<usize> = (0..obligations.len()).collect();
		for list in [&mut shuffled, &mut order] {
			for i in (1..list.len()).rev() {
				rng = rng.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
				list.swap(i, (rng >> 33) as usize % (i + 1));
			}
		}
		let name = |id: InstitutionId| shuffled[id as usize] as InstitutionId;
		let mut renamed = reserves.clone();
		reserves.iter().enumerate().for_each(|(id, has)| renamed[shuffled[id]] = *has);
		let others: Vec<_> = order
			.iter()
			.map(|place| obligations[*place])
			.map(|o| Obligation { debtor: name(o.debtor), creditor: name(o.creditor), ..o })
			.collect();
		let paid = settled(&reserves, &obligations);
		for (place, others) in order.iter().zip(settled(&renamed, &others)) {
			prop_assert_eq!(paid[*place], others);
		}
	}
}

fn owes(debtor: InstitutionId, creditor: InstitutionId, cycle: u32, value: Balance) -> Obligation {
	Obligation { debtor, creditor, cycle, value }
}

#[test]
fn a_gridlock_settles_without_any_money() {
	let ring = [owes(1, 2, 0, 9), owes(2, 3, 0, 9), owes(3, 1, 0, 9)];
	assert_eq!(settle(&BTreeMap::new(), &ring).unwrap(), [9, 9, 9]);
}

#[test]
fn the_newest_unit_is_dropped_first_and_paid_pro_rata() {
	let reserves = [(1, 15)].into();
	let debts = [owes(1, 2, 0, 5), owes(1, 2, 1, 9), owes(1, 3, 1, 18), owes(1, 2, 2, 1)];
	// 10 are left for 27: a third and two thirds of them, and one stays.
	assert_eq!(settle(&reserves, &debts).unwrap(), [5, 3, 6, 0]);
}

#[test]
fn a_drop_reaches_those_who_counted_on_it() {
	let reserves = [(2, 1)].into();
	let chain = [owes(1, 2, 0, 8), owes(2, 3, 0, 8), owes(3, 4, 0, 8)];
	assert_eq!(settle(&reserves, &chain).unwrap(), [0, 1, 0]);
}

#[test]
fn a_bond_pays_the_oldest_unit_first_and_the_next_pro_rata() {
	let debts = [owes(1, 2, 4, 9), owes(1, 3, 4, 18), owes(1, 2, 3, 5)];
	assert_eq!(spread(15, &debts).unwrap(), [3, 6, 5]);
	assert_eq!(spread(100, &debts).unwrap(), [9, 18, 5]);
	assert_eq!(spread(0, &debts).unwrap(), [0, 0, 0]);
}

#[test]
fn the_largest_amounts_settle_and_sums_beyond_them_fail() {
	let quarter = u128::MAX / 4;
	let debts = [owes(1, 2, 0, quarter), owes(1, 3, 0, quarter), owes(2, 1, 1, quarter)];
	assert_eq!(settle(&[(1, quarter - 1)].into(), &debts[..2]).unwrap(), [quarter / 2, quarter / 2]);
	assert_eq!(settle(&[(1, quarter)].into(), &debts).unwrap(), [quarter, quarter, quarter]);
	assert_eq!(settle(&[(2, u128::MAX)].into(), &debts), Err(ArithmeticError::Overflow));
	let beyond = [owes(1, 2, 0, u128::MAX), owes(1, 3, 0, 1)];
	assert_eq!(settle(&BTreeMap::new(), &beyond), Err(ArithmeticError::Overflow));
	assert_eq!(spread(1, &beyond), Err(ArithmeticError::Overflow));
}
