//! Whoever vouches answers.

use super::mock::*;
use crate::{PaidBy, Unsponsored, WhoPays};
use frame_support::assert_ok;
use hanse_primitives::{Balance, DAY};

/// What the customers of one other institution have of a budget, among two members.
const SHARE: u64 = (DAILY - DAILY / 10) as u64 / 2;

/// Ann and some more, whom Books vouches for.
fn customers_of_books() {
	Left::set((ANN..ANN + 9).map(|who| (who, 100)).collect());
	Vouchers::set((ANN..ANN + 9).map(|who| (who, BOOKS)).collect());
}

#[test]
fn the_customers_of_another_institution_have_its_share_of_a_budget() {
	run(|| {
		customers_of_books();
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, SHARE - 1), Ok(Ok(())));
		offer(AIR, ANN + 1, 1, 0);
		assert_eq!(charge(ANN + 1, 1), Ok(Ok(())));
		assert_eq!(
			(lost(AIR), lost(BOOKS), spent(AIR)),
			(Balance::from(SHARE), 0, (Balance::from(SHARE), 0))
		);
	});
}

#[test]
fn beyond_that_whoever_vouches_pays() {
	run(|| {
		customers_of_books();
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, SHARE), Ok(Ok(())));
		assert_eq!(charge(ANN, Fee { declared: 50, actual: 30, tip: 0 }), Ok(Ok(())));
		assert_eq!((lost(AIR), lost(BOOKS)), (Balance::from(SHARE), 30));
		assert_eq!((spent(BOOKS), Left::get()[&ANN]), ((30, 0), 98));
		assert_eq!(sponsored().last(), Some(&(BOOKS, ANN, 30)));
		// As far as its own budget goes, and then nobody.
		spend(BOOKS, DAILY, 0);
		assert!(validate(ANN, 1).is_err());
	});
}

#[test]
fn the_customers_of_the_institution_itself_and_strangers_keep_theirs() {
	run(|| {
		customers_of_books();
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, SHARE), Ok(Ok(())));
		Vouchers::set([(ANN, AIR)].into());
		assert_eq!(charge(ANN, SHARE), Ok(Ok(())));
		offer(AIR, 100, 1, MIN_VALUE);
		assert_eq!(charge(100, (DAILY / 10) as u64), Ok(Ok(())));
		assert_eq!(spent(AIR), (DAILY, DAILY / 10));
	});
}

#[test]
fn the_share_starts_anew_on_the_next_day() {
	run(|| {
		customers_of_books();
		spend(BOOKS, DAILY, 0);
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, SHARE), Ok(Ok(())));
		assert!(validate(ANN, 1).is_err());
		Now::set(Now::get() + DAY);
		assert_eq!(charge(ANN, SHARE), Ok(Ok(())));
	});
}

#[test]
fn the_more_members_the_smaller_the_share() {
	run(|| {
		customers_of_books();
		spend(BOOKS, DAILY, 0);
		SeatsTaken::set(90);
		offer(AIR, ANN, 1, 0);
		assert!(validate(ANN, 11).is_err());
		assert_ok!(validate(ANN, 10));
	});
}

#[test]
fn every_reason_is_told_apart() {
	run(|| {
		let ask = |who| Sponsorship::who_pays(Box::new(call()), who);
		let why = |who| ask(who).unsponsored.unwrap();
		let fee = ask(ANN).fee;
		assert!(fee > 0);
		Budget::set(10 * fee);
		assert_eq!(ask(ANN), WhoPays { payer: None, fee, unsponsored: Some(Unsponsored::NotSponsored) });
		for who in [1, 2] {
			give(who, 100 * fee);
		}
		give(BEN, ED + fee);
		assert_eq!(ask(BEN).payer, Some(PaidBy::Signer));

		offer(AIR, ANN, 1, 0);
		assert_eq!(ask(ANN), WhoPays { payer: Some(PaidBy::Institution(AIR)), fee, unsponsored: None });
		assert_eq!(why(1), Unsponsored::IsInstitution);
		offer(AIR, ANN, 6, 0);
		assert_eq!(why(ANN), Unsponsored::QuotaUsed);
		offer(AIR, BEN, 1, MIN_VALUE - 1);
		assert_eq!(why(BEN), Unsponsored::ValueTooSmall);
		offer(AIR, BEN, 1, MIN_VALUE);
		spend(AIR, fee, fee);
		assert_eq!(why(BEN), Unsponsored::StrangersShareUsed(AIR));
		offer(AIR, ANN, 1, 0);
		spend(AIR, 10 * fee, 0);
		assert_eq!(why(ANN), Unsponsored::BudgetUsed(AIR));
		spend(AIR, 0, 0);
		Vouchers::set([(ANN, BOOKS)].into());
		SeatsTaken::set(100);
		assert_eq!(ask(ANN).payer, Some(PaidBy::Institution(BOOKS)));
		spend(BOOKS, 10 * fee, 0);
		assert_eq!(why(ANN), Unsponsored::VoucherShareUsed { sponsor: AIR, voucher: BOOKS });
		SeatsTaken::set(2);
		assert_ok!(Balances::transfer_all(RuntimeOrigin::signed(1), POT, true));
		assert_eq!(why(ANN), Unsponsored::SponsorShort(AIR));
		Free::set(true);
		assert_eq!(ask(ANN).payer, Some(PaidBy::Nobody));
	});
}
