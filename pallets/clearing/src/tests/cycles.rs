use super::mock::*;
use crate::{CurrentCycle, Error, Event, Overdue, Positions, Postings, SettlementStage};
use frame_support::{
	assert_noop, assert_ok,
	traits::Hooks,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{Balance, Clearing as _, InstitutionId};

/// What a block may weigh: 600 ms.
fn block() -> WeightMeter {
	WeightMeter::with_limit(Weight::from_parts(600_000_000_000, u64::MAX))
}

#[test]
fn positions_settle_net_at_the_end_of_the_cycle_and_not_before() {
	run(|| {
		for (creditor, debtor, value) in [(2, 1, 40), (3, 2, 40), (1, 3, 10)] {
			grant(creditor, debtor, 50);
			assert_ok!(Clearing::owe(debtor, creditor, value));
		}
		Now::set(Now::get() + CYCLE - 1);
		poll();
		assert_eq!(reserves(), [100, 100, 100, 0]);
		Now::set(Now::get() + 1);
		poll();
		assert_eq!(reserves(), [70, 100, 130, 0]);
		assert_eq!(Positions::<Test>::count(), 0);
		System::assert_last_event(Event::CycleSettled { cycle: 1, positions: 3, moved: 30 }.into());
	});
}

#[test]
fn a_chain_that_stood_still_settles_once() {
	run(|| {
		Now::set(Now::get() + 10 * CYCLE);
		poll();
		poll();
		assert_eq!((CurrentCycle::<Test>::get().index, CurrentCycle::<Test>::get().began), (2, Now::get()));
	});
}

#[test]
fn a_gridlock_of_members_without_reserve_settles() {
	genesis_of(3, |_| 0, BOND).execute_with(|| {
		for (debtor, creditor) in [(1, 2), (2, 3), (3, 1)] {
			grant(creditor, debtor, 50);
			assert_ok!(Clearing::owe(debtor, creditor, 50));
		}
		turn();
		assert_eq!((Positions::<Test>::count(), Overdue::<Test>::iter().count()), (0, 0));
		Clearing::do_try_state().unwrap();
	});
}

/// Everybody owes sixteen others, so there are 4,096 positions.
fn full(reserve: impl Fn(InstitutionId) -> Balance) -> sp_io::TestExternalities {
	let mut ext = genesis_of(256, reserve, 1_000);
	ext.execute_with(|| {
		for debtor in 1..=256u32 {
			for stage in 1..=16 {
				let creditor = (debtor + stage * 7 - 1) % 256 + 1;
				grant(creditor, debtor, 60);
				assert_ok!(Clearing::owe(debtor, creditor, u128::from(debtor * stage % 60 + 1)));
			}
		}
		assert_eq!(Positions::<Test>::count(), 4_096);
	});
	ext
}

/// Settles them, block by block, and says how many blocks that took.
fn settle_in_blocks() -> u32 {
	let total: Balance = reserves().iter().sum();
	Now::set(Now::get() + CYCLE);
	for blocks in 1.. {
		let mut meter = block();
		Clearing::on_poll(System::block_number(), &mut meter);
		Clearing::do_try_state().unwrap();
		assert_eq!(reserves().iter().sum::<Balance>(), total);
		if CurrentCycle::<Test>::get().stage == SettlementStage::Idle {
			assert_eq!(Postings::<Test>::iter().count(), 0);
			return blocks;
		}
		if matches!(CurrentCycle::<Test>::get().stage, SettlementStage::Posting(_)) {
			assert_noop!(Clearing::draw_down(by(6), 1), Error::<Test>::CycleRunning);
			assert_noop!(Clearing::request_payout(by(6), 1), Error::<Test>::CycleRunning);
		}
	}
	unreachable!("a settlement ends")
}

#[test]
fn a_full_chain_that_can_pay_settles_within_five_blocks() {
	full(|_| 1_000).execute_with(|| {
		let blocks = settle_in_blocks();
		assert!((2..=5).contains(&blocks), "{blocks} blocks");
		assert_eq!((Positions::<Test>::count(), Overdue::<Test>::iter().count()), (0, 0));
	});
}

#[test]
fn where_nobody_of_256_can_pay_all_are_overdue_within_five_blocks() {
	full(|id| Balance::from(id % 7)).execute_with(|| {
		let blocks = settle_in_blocks();
		assert!((2..=5).contains(&blocks), "{blocks} blocks");
		assert_eq!(Overdue::<Test>::iter().count(), 256);
	});
}

#[test]
fn while_a_settlement_spans_blocks_obligations_are_gross() {
	full(|_| 1_000).execute_with(|| {
		Now::set(Now::get() + CYCLE);
		Clearing::on_poll(1, &mut block());
		assert!(matches!(CurrentCycle::<Test>::get().stage, SettlementStage::Posting(_)));
		// Of the last debtors, which are booked last: one could set off, the other has room on a line.
		let (owed, line, before) = (owes(250, 1), owes(249, 256), (reserve(1), reserve(249)));
		assert!(owed > 0 && line > 0);
		assert_ok!(Clearing::owe(1, 250, 1));
		assert_ok!(Clearing::owe(249, 256, 5));
		assert_eq!((owes(250, 1), owes(249, 256)), (owed, line));
		assert_eq!((reserve(1), reserve(249)), (before.0 - 1, before.1 - 5));
		assert_eq!(Clearing::earmark(249, 256, 3), Ok(earmark(0, 3)));
		Clearing::do_try_state().unwrap();
	});
}

#[test]
fn a_block_without_room_leaves_the_settlement_to_the_next() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 40));
		Now::set(Now::get() + CYCLE);
		Clearing::on_poll(1, &mut WeightMeter::with_limit(Weight::zero()));
		Clearing::on_poll(1, &mut WeightMeter::with_limit(Weight::from_parts(20_000_000, u64::MAX)));
		assert_eq!(owes(1, 2), 40);
		poll();
		assert_eq!(owes(1, 2), 0);
	});
}
