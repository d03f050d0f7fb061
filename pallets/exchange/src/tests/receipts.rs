use super::mock::*;
use crate::Receipts;
use frame_support::{assert_ok, weights::WeightMeter};

fn kept() -> usize {
	Receipts::<Test>::iter().count()
}

#[test]
fn receipts_are_dropped_when_their_refund_window_has_closed() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		for era in 0..u64::from(REFUND_WINDOW) {
			block_at(START + era * ERA);
			assert_eq!(kept(), 1);
		}
		block_at(START + u64::from(REFUND_WINDOW) * ERA);
		assert_eq!(kept(), 0);
	});
}

#[test]
fn the_oldest_receipts_go_first_and_younger_ones_stay() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		block_at(START + ERA);
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 2, 50, &[(1, 100)]));
		assert_eq!(kept(), 2);
		block_at(START + u64::from(REFUND_WINDOW) * ERA);
		assert_eq!(kept(), 1);
	});
}

#[test]
fn a_busy_block_drops_nothing() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		Timestamp::set_timestamp(START + 9 * ERA);
		Exchange::drop_past_receipts(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(kept(), 1);
		block_at(START + 9 * ERA);
		assert_eq!(kept(), 0);
	});
}
