//! What hooks take of a block.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{
	assert_ok,
	storage::{with_transaction, TransactionOutcome},
	traits::{OnPoll, PalletInfoAccess},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{Conduct as _, DeadlineClock, Moment, OffenceKind};
use hanse_runtime::{
	hooks::{most, polled, MeteredHooks},
	AllPalletsWithSystem, BlockNumber, Conduct, Executive, Rulebook, Runtime, RuntimeCall, RuntimeOrigin,
	Supervision, System, Timestamp,
};
use pallet_conduct::Call;
use pallet_rulebook::Rule;
use pallet_supervision::Target;
use sp_core::H256;
use sp_runtime::DispatchError;
use std::collections::BTreeSet;

/// What a pallet does with what is due.
type Poll = fn(BlockNumber, &mut WeightMeter);

/// Every pallet of the runtime by name.
trait EachPoll {
	fn each() -> Vec<(&'static str, Poll)>;
}

#[impl_trait_for_tuples::impl_for_tuples(64)]
#[tuple_types_custom_trait_bound(PalletInfoAccess + OnPoll<BlockNumber>)]
impl EachPoll for Tuple {
	#[allow(clippy::vec_init_then_push)]
	fn each() -> Vec<(&'static str, Poll)> {
		let mut all = Vec::new();
		for_tuples!( #( all.push((Tuple::name(), Tuple::on_poll as Poll)); )* );
		all
	}
}

#[test]
fn every_pallet_that_looks_for_what_is_due_is_asked_within_the_share() {
	run(|| {
		set_time(START + 100 * DAY);
		let mut looking = BTreeSet::new();
		for (name, poll) in AllPalletsWithSystem::each() {
			let consumed = with_transaction(|| {
				let mut meter = WeightMeter::new();
				poll(System::block_number(), &mut meter);
				TransactionOutcome::Rollback(Ok::<_, DispatchError>(meter.consumed()))
			});
			if consumed.unwrap().any_gt(Weight::zero()) {
				looking.insert(name);
			}
		}
		assert_eq!(looking, polled().collect(), "the list of polled pallets in runtime/src/hooks.rs");
	});
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
			type W = hanse_runtime::weights::Measured;
			fits(W::assess());
			fits(W::settle_member());
			fits(W::stop_offline(hanse_primitives::MAX_AUTHORITIES));
			fits(W::default_judgement(hanse_primitives::MAX_PARTS));
		}
		{
			use pallet_clearing::WeightInfo;
			type W = hanse_runtime::weights::Measured;
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
				assert_ok!(dispatch(payer.clone(), payment(AIR, n, cent, &[(sky, 1)])));
				let order = order(n);
				let call = Call::file_complaint {
					merchant: AIR,
					payer: payer.clone(),
					order,
					evidence: H256::zero(),
				};
				assert_ok!(dispatch(payer.clone(), call));
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
				assert_ok!(dispatch(payer.clone(), payment(AIR, n, cent, &[(sky, 1)])));
				let order = order(n);
				let call = Call::file_complaint {
					merchant: AIR,
					payer: payer.clone(),
					order,
					evidence: H256::zero(),
				};
				assert_ok!(dispatch(payer.clone(), call));
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
				assert_ok!(dispatch(payer.clone(), call));
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

/// How many entries of each agenda are due now.
fn due_by_agenda() -> Vec<(&'static str, usize)> {
	let now = <Rulebook as DeadlineClock>::now();
	let is_due = |moment: [u8; 8]| Moment::from_be_bytes(moment) <= now;
	let count = |due: &mut dyn Iterator<Item = bool>| due.filter(|due| *due).count();
	vec![
		(
			"complaints, fines and cases",
			count(&mut pallet_conduct::DueItems::<Runtime>::iter().map(|(at, ..)| is_due(at))),
		),
		(
			"requests",
			count(
				&mut pallet_supervision::RequestDeadlines::<Runtime>::iter_keys().map(|(at, _)| is_due(at)),
			),
		),
		(
			"halts",
			count(
				&mut pallet_supervision::ActiveHalts::<Runtime>::get().iter().map(|span| span.until <= now),
			),
		),
		(
			"authorisations",
			count(
				&mut pallet_exchange::AuthorisationDeadlines::<Runtime>::iter_keys()
					.map(|(at, _)| is_due(at)),
			),
		),
		(
			"expiries",
			count(&mut pallet_points::ExpiryQueue::<Runtime>::iter_keys().map(|(at, _)| is_due(at))),
		),
		(
			"awards",
			count(&mut pallet_points::PendingBatches::<Runtime>::iter_keys().map(|(at, ..)| is_due(at))),
		),
		(
			"decisions",
			count(
				&mut pallet_rulebook::DecisionQueue::<Runtime>::get()
					.iter()
					.map(|(at, _)| *at <= Timestamp::get()),
			),
		),
		(
			"the end of an era",
			usize::from(pallet_rulebook::EraEnds::<Runtime>::get().is_none_or(|state| state.is_due(era()))),
		),
		(
			"the end of a cycle",
			usize::from(
				pallet_clearing::CurrentCycle::<Runtime>::get().began + Rulebook::rules().cycle <= now,
			),
		),
	]
}

/// Fills every agenda with what is due a hundred days later.
fn fill_every_agenda() {
	// The first block, which begins an era.
	block_at(Timestamp::get() + 1_000, vec![]);
	let sky = program(AIR, pallet_points::Terms { validity: 30 * DAY, ..TERMS });
	let soon = program(BOOKS, pallet_points::Terms { pending: DAY, ..TERMS });
	let puppets: Vec<_> = (1..=4u32).map(Wallet::new).collect();
	for (n, puppet) in puppets.iter().enumerate() {
		register(AIR, puppet, n as u64 + 1);
	}
	let accounts: Vec<_> = puppets.iter().map(Wallet::account).collect();
	issue(AIR, sky, &accounts, 1_000, 1);
	for batch in 0..3 {
		let many: Vec<_> = (0..400).map(stranger).collect();
		issue(BOOKS, soon, &many, 1, 10_000 * (batch + 1));
	}
	let cent = hanse_runtime::constants::CENT;
	for payer in &accounts {
		for n in 1..=40 {
			assert_ok!(dispatch(payer.clone(), payment(AIR, n, cent, &[(sky, 1)])));
			let order = order(n);
			let call =
				Call::file_complaint { merchant: AIR, payer: payer.clone(), order, evidence: H256::zero() };
			assert_ok!(dispatch(payer.clone(), call));
		}
		for n in 101..=140 {
			assert_ok!(dispatch(payer.clone(), authorization(BOOKS, n, cent, &[(sky, 1)])));
		}
	}
	let eve = supervisor();
	for n in 0..30 {
		assert_ok!(halt(&eve, &Target::Customer(stranger(1_000 + n)), DAY));
		if n < 16 {
			assert_ok!(Supervision::request_disclosure(RuntimeOrigin::signed(eve.clone()), 3, H256::zero()));
		}
		Conduct::record_offence(4, OffenceKind::OverdueFirst);
	}
	for (rule, value) in
		[(Rule::Interchange, 6_000), (Rule::GrowthFloor, 900 * hanse_runtime::constants::UNIT)]
	{
		let call = pallet_rulebook::Call::amend { rule, value, charter: H256::zero() };
		assert_ok!(decide(&call.into(), &[1, 2, 3]));
	}
}

#[test]
fn everything_that_can_be_due_at_once_is_served_within_the_share_and_a_bounded_number_of_blocks() {
	run_on(alliance_of(4), || {
		fill_every_agenda();
		let now = Timestamp::get() + 100 * DAY;
		set_time(now);
		for (agenda, due) in due_by_agenda() {
			assert!(due > 0, "nothing is due: {agenda}");
		}
		let (mut worst, mut blocks) = (Weight::zero(), 0);
		while due_by_agenda().iter().any(|(_, due)| *due > 0) {
			worst = worst.max(hooks_of_block_at(Timestamp::get() + 1_000));
			blocks += 1;
			assert!(blocks <= 60, "after {blocks} blocks: {:?}", due_by_agenda());
		}
		println!("every agenda: {blocks} blocks, at most {:.1} ms of hooks in one", milliseconds(worst));
		assert!(worst.all_lte(most()), "{worst}");
		// And it was not lost: what it was about is over.
		assert_eq!(pallet_conduct::Dockets::<Runtime>::get(AIR).open, 0);
		assert_eq!(pallet_supervision::DisclosureRequests::<Runtime>::iter_keys().count(), 0);
		assert_eq!(pallet_exchange::Authorisations::<Runtime>::iter_keys().count(), 0);
		assert_eq!(pallet_conduct::Escrows::<Runtime>::get(4).fines, 0);
		assert_eq!(Rulebook::rules().interchange, 6_000);
	});
}
