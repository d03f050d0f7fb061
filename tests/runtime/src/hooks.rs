//! What hooks take of a block.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{
	assert_ok,
	traits::OnPoll,
	weights::{Weight, WeightMeter},
};
use hanse_runtime::{
	hooks::{most, MeteredHooks},
	AccountId, Executive, Runtime, RuntimeCall, System, Timestamp,
};
use pallet_conduct::Call;
use sp_core::H256;
use sp_runtime::DispatchResult;

fn dispatched(who: AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(who, call.into()).map(drop).map_err(|failed| failed.error)
}

/// What the hooks of a block at `now` take, if there is nothing else in it.
fn hooks_of_block_at(now: u64) -> Weight {
	open_block(now);
	let mut meter = WeightMeter::with_limit(<Runtime as frame_system::Config>::BlockWeights::get().max_block);
	MeteredHooks::on_poll(System::block_number(), &mut meter);
	Executive::finalize_block();
	meter.consumed()
}

fn milliseconds(weight: Weight) -> f64 {
	weight.ref_time() as f64 / 1e9
}

#[test]
fn the_share_of_hooks_is_fixed_and_every_step_fits_it() {
	run(|| {
		let max = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
		assert_eq!(most().ref_time(), max.ref_time() / 20 * 9);
		let fits = |step: Weight| assert!(step.ref_time() <= most().ref_time(), "{step} does not fit");
		{
			use pallet_conduct::WeightInfo;
			type W = pallet_conduct::weights::CountedWeight<Runtime>;
			fits(W::start_era_end());
			fits(W::settle_member());
			fits(W::stop_offline(hanse_primitives::MAX_AUTHORITIES));
			fits(W::default_judgement(hanse_primitives::MAX_PARTS));
		}
		{
			use pallet_clearing::WeightInfo;
			type W = pallet_clearing::weights::CountedWeight<Runtime>;
			fits(W::plan(hanse_primitives::MAX_MEMBERS * pallet_clearing::MAX_CREDIT_LINES));
			fits(W::post(pallet_clearing::POSTINGS_PER_PAGE));
			fits(W::end_member());
		}
	});
}

#[test]
fn complaints_about_cents_at_a_rogues_own_till_take_no_more_than_the_share_and_the_rogue_pays() {
	run_on(alliance_of(4), || {
		let sky = program(AIR, TERMS);
		let puppets: Vec<_> = (1..=4u32).map(Wallet::new).collect();
		for (n, puppet) in puppets.iter().enumerate() {
			register(AIR, puppet, n as u64 + 1);
		}
		let accounts: Vec<_> = puppets.iter().map(Wallet::account).collect();
		issue(AIR, sky, &accounts, 1_000, 1);
		let cent = hanse_runtime::constants::CENT;
		let mut filed = 0;
		for payer in &accounts {
			for n in 1..=75 {
				assert_ok!(dispatched(payer.clone(), payment(AIR, n, cent, &[(sky, 1)])));
				let order = order(n);
				let call = Call::file_complaint {
					merchant: AIR,
					payer: payer.clone(),
					order,
					evidence: H256::zero(),
				};
				assert_ok!(dispatched(payer.clone(), call));
				filed += 1;
			}
		}
		let open = || pallet_conduct::Dockets::<Runtime>::get(AIR).open;
		assert_eq!(open(), filed);
		let before = pot();
		let answer = hanse_runtime::Rulebook::rules().answer;
		let (mut worst, mut blocks) = (Weight::zero(), 0);
		let mut now = Timestamp::get() + answer;
		while open() > 0 && blocks < 200 {
			worst = worst.max(hooks_of_block_at(now));
			now = Timestamp::get() + 1_000;
			blocks += 1;
		}
		println!(
			"{filed} complaints: {blocks} blocks, at most {:.1} ms of hooks in one",
			milliseconds(worst)
		);
		assert_eq!(open(), 0);
		assert!(worst.ref_time() > 0 && worst.all_lte(most()), "{worst}");
		// Many fit a block, since each weighs by its burns.
		assert!(blocks < filed / 10, "{blocks}");
		assert!(pot() > before);
	});
}

#[test]
fn whatever_is_due_at_once_takes_the_share_at_most_and_no_queue_keeps_another_waiting() {
	run_on(alliance_of(4), || {
		let sky = program(AIR, TERMS);
		let puppets: Vec<_> = (1..=4u32).map(Wallet::new).collect();
		for (n, puppet) in puppets.iter().enumerate() {
			register(AIR, puppet, n as u64 + 1);
		}
		let accounts: Vec<_> = puppets.iter().map(Wallet::account).collect();
		issue(AIR, sky, &accounts, 1_000, 1);
		let cent = hanse_runtime::constants::CENT;
		let answer = hanse_runtime::Rulebook::rules().answer;
		for payer in &accounts {
			for n in 1..=75 {
				assert_ok!(dispatched(payer.clone(), payment(AIR, n, cent, &[(sky, 1)])));
				let order = order(n);
				let call = Call::file_complaint {
					merchant: AIR,
					payer: payer.clone(),
					order,
					evidence: H256::zero(),
				};
				assert_ok!(dispatched(payer.clone(), call));
			}
		}
		let due = Timestamp::get() + answer;
		// Authorisations that are over by then.
		let lasting = hanse_runtime::Rulebook::rules().authorisation;
		block_at(due - lasting - 1_000, vec![]);
		for payer in &accounts {
			for n in 101..=175 {
				let RuntimeCall::Exchange(pallet_exchange::Call::pay { merchant, order, price, legs }) =
					payment(BOOKS, n, cent, &[(sky, 1)])
				else {
					unreachable!("a payment")
				};
				let call = pallet_exchange::Call::authorize { merchant, order, price, legs };
				assert_ok!(dispatched(payer.clone(), call));
			}
		}
		let complaints = || pallet_conduct::Dockets::<Runtime>::get(AIR).open;
		let authorisations = || pallet_exchange::Authorisations::<Runtime>::iter_keys().count();
		assert_eq!((complaints(), authorisations()), (300, 300));
		let (mut worst, mut blocks, mut now) = (Weight::zero(), 0, due + 1_000);
		while complaints() > 0 || authorisations() > 0 {
			worst = worst.max(hooks_of_block_at(now));
			now = Timestamp::get() + 1_000;
			blocks += 1;
			if blocks == 7 {
				assert!(complaints() < 300 && authorisations() < 300);
			}
			assert!(blocks < 100);
		}
		println!("all at once: {blocks} blocks, at most {:.1} ms of hooks in one", milliseconds(worst));
		assert!(worst.all_lte(most()), "{worst}");
	});
}
