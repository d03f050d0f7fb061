//! Random states: the pool and the block decide alike, no unit is lost, and the books say who paid.

use super::mock::*;
use crate::Offer;
use hanse_primitives::{Balance, InstitutionId, Quotas, DAY};
use proptest::prelude::*;
use sp_runtime::DispatchError;

/// One transaction and what it meets.
#[derive(Clone, Debug)]
struct Step {
	who: u64,
	fee: Fee,
	offer: Option<Offer<u64>>,
	free: bool,
	fails: bool,
	/// The signer moves funds to or from the sponsor's account in its call.
	moves: Option<(bool, Balance)>,
	wait: u64,
}

fn offers() -> impl Strategy<Value = Option<Offer<u64>>> {
	let offer = (AIR..=NONE, prop_oneof![9 => ANN..=14u64, 1 => 1..=2u64], 1..4u32, 0..2 * MIN_VALUE)
		.prop_map(|(sponsor, person, calls, value)| Offer { sponsor, person, calls, value, quota: None });
	prop_oneof![9 => offer.prop_map(Some), 1 => Just(None)]
}

fn fee() -> impl Strategy<Value = Fee> {
	(prop_oneof![8 => 0..80u64, 1 => 0..1_500u64], 0..80u64, prop_oneof![3 => Just(0), 1 => 0..60u128])
		.prop_map(|(declared, actual, tip)| Fee { declared, actual: actual.min(declared), tip })
}

fn step() -> impl Strategy<Value = Step> {
	let who = prop_oneof![9 => ANN..=14u64, 1 => 1..=2u64];
	let moves = prop::option::weighted(0.2, (any::<bool>(), 0..12_000u128));
	let wait = prop_oneof![9 => 0..DAY / 8, 1 => Just(DAY)];
	(who, fee(), offers(), prop::bool::weighted(0.1), any::<bool>(), moves, wait).prop_map(
		|(who, fee, offer, free, fails, moves, wait)| Step { who, fee, offer, free, fails, moves, wait },
	)
}

const PEOPLE: std::ops::RangeInclusive<u64> = ANN..=14;

/// What all but the pot have.
fn others() -> Balance {
	PEOPLE.chain(1..=2).map(Balances::free_balance).sum()
}

/// Takes one step and says what was sponsored by whom, as fee, for a stranger or not.
fn take(step: &Step) -> Option<(InstitutionId, Balance, bool)> {
	Now::mutate(|now| *now += step.wait);
	TheOffer::set(step.offer.clone());
	Free::set(step.free);
	System::reset_events();

	let (left, before, budgets) = (Left::get(), (others(), gained()), (spent(AIR), spent(BOOKS)));
	let in_pool = validate(step.who, step.fee);
	let result = charge_for(step.who, step.fee, || {
		if let Some((in_favour, amount)) = step.moves {
			let (from, to) = if in_favour { (1, step.who) } else { (step.who, 1) };
			let _ = Balances::transfer_allow_death(RuntimeOrigin::signed(from), to, amount);
		}
		if step.fails {
			return Err(DispatchError::Other("on purpose"));
		}
		Ok(())
	});

	// The pool and the block decide alike.
	assert_eq!(in_pool, result.map(drop));
	// Nothing is lost, and what is not taken has left no trace.
	assert_eq!(before.0 - others(), gained() - before.1);
	let events = sponsored();
	if events.is_empty() {
		assert_eq!((left, budgets), (Left::get(), (spent(AIR), spent(BOOKS))));
		return None;
	}
	let [(sponsor, customer, fee)] = events[..] else { panic!("two sponsors: {events:?}") };
	let offer = step.offer.as_ref().unwrap();
	assert_eq!((customer, fee), (step.who, step.fee.actual.into()));
	assert!(
		sponsor == offer.sponsor || Left::quota(&offer.person).map(|quota| quota.registrar) == Some(sponsor)
	);
	let counted = left.get(&offer.person).map(|calls| calls - Left::get()[&offer.person]);
	assert!(counted.is_none_or(|calls| calls == offer.calls));
	Some((sponsor, fee, counted.is_none()))
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

	#[test]
	fn pool_and_block_agree_and_the_books_say_who_paid(
		steps in prop::collection::vec(step(), 1..40),
		own in prop::collection::vec(0..600u128, 4),
	) {
		genesis().execute_with(|| {
			Left::set([(ANN, 20), (13, 3)].into());
			Vouchers::set([(13, BOOKS)].into());
			for (who, amount) in PEOPLE.zip(own).filter(|(_, amount)| *amount >= ED) {
				give(who, amount);
			}
			let issuance = Balances::total_issuance();
			let mut day = 0;
			let mut books = [(0, 0); 2];
			for step in &steps {
				let sponsored = take(step);
				if Now::get() / DAY != day {
					(day, books) = (Now::get() / DAY, [(0, 0); 2]);
				}
				if let Some((sponsor, fee, stranger)) = sponsored {
					let (all, strangers) = &mut books[sponsor as usize - 1];
					*all += fee;
					*strangers += if stranger { fee } else { 0 };
				}
				assert_eq!([spent(AIR), spent(BOOKS)], books);
				assert!(books.iter().all(|(all, strangers)| *all <= DAILY && *strangers <= DAILY / 10));
				assert_eq!(Balances::total_issuance(), issuance);
				Sponsorship::do_try_state().unwrap();
			}
		});
	}
}

#[test]
fn random_histories_meet_sponsors_strangers_and_refusals() {
	use proptest::{strategy::ValueTree, test_runner::TestRunner};
	let mut runner = TestRunner::deterministic();
	let (mut registered, mut strangers, mut unsponsored) = (0, 0, 0);
	for _ in 0..200 {
		let steps = prop::collection::vec(step(), 1..40).new_tree(&mut runner).unwrap().current();
		genesis().execute_with(|| {
			Left::set([(ANN, 20), (13, 3)].into());
			Vouchers::set([(13, BOOKS)].into());
			for step in &steps {
				match take(step) {
					Some((_, _, true)) => strangers += 1,
					Some((_, _, false)) => registered += 1,
					None => unsponsored += 1,
				}
			}
		});
	}
	assert!(
		registered > 300 && strangers > 100 && unsponsored > 300,
		"{registered} {strangers} {unsponsored}"
	);
}
