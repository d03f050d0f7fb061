use super::mock::*;
use crate::{ExpiryBucket, Flows, PeriodClosings, PeriodEnds, Terms, MAX_CLOSINGS};
use frame_support::{assert_ok, weights::WeightMeter};
use hanse_primitives::{PointsLedger as _, Venue};

fn due(periods: u64, points: u128) -> ExpiryBucket {
	ExpiryBucket { expires: START + periods * PERIOD, points, value: points * 10 }
}

#[test]
fn the_roll_forward_of_a_period_leads_from_its_opening_to_its_closing() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		block_at(START + PERIOD, false);
		assert_ok!(issue(ISSUER, 1, ANN, 12));
		Points::burn(&ANN, 1, 5, u128::MAX, Venue::Merchant(ISSUER), 0).unwrap();
		Points::burn(&ANN, 1, 4, u128::MAX, Venue::Merchant(RIVAL), 0).unwrap();
		Points::burn(&ANN, 1, 3, u128::MAX, Venue::Exchange, 0).unwrap();
		block_at(START + 2 * PERIOD, false);
		assert_ok!(Points::exchange_in(&ANN, 1, 70));

		let first = Points::roll_forward(1, START).unwrap();
		assert_eq!((first.from, first.until), (START, START + PERIOD));
		assert_eq!((first.opening, first.closing), (0, 30));
		assert_eq!(first.flows, Flows { issued: 30, ..Default::default() });
		assert_eq!(first.due, vec![due(3, 30)]);

		let second = Points::roll_forward(1, START + 2 * PERIOD - 1).unwrap();
		assert_eq!((second.from, second.until), (START + PERIOD, START + 2 * PERIOD));
		assert_eq!((second.opening, second.closing), (30, 30));
		let flows = Flows {
			issued: 12,
			redeemed_at_home: 5,
			redeemed_at_partners: 4,
			exchanged_out: 3,
			..Default::default()
		};
		assert_eq!(second.flows, flows);
		assert_eq!(second.due, vec![due(3, 18), due(4, 12)]);

		// The one that runs, up to now.
		Timestamp::set_timestamp(START + 2 * PERIOD + 7);
		let running = Points::roll_forward(1, START + 2 * PERIOD).unwrap();
		assert_eq!((running.from, running.until), (START + 2 * PERIOD, START + 2 * PERIOD + 7));
		assert_eq!((running.opening, running.closing), (30, 37));
		assert_eq!(running.flows, Flows { exchanged_in: 7, ..Default::default() });
		assert_eq!(Points::roll_forward(1, START - 1), None);
		assert_eq!(Points::roll_forward(2, START), None);
	});
}

#[test]
fn what_expires_at_the_end_of_a_period_is_in_its_books() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		for period in 1..=3 {
			block_at(START + period * PERIOD, false);
		}
		let third = Points::roll_forward(1, START + 2 * PERIOD).unwrap();
		assert_eq!((third.opening, third.flows.expired, third.closing, third.due), (30, 30, 0, vec![]));
	});
}

#[test]
fn books_of_twelve_periods_are_remembered_and_older_ones_are_not() {
	run(|| {
		program(ISSUER, TERMS);
		for period in 1..=20 {
			block_at(START + period * PERIOD, false);
		}
		assert_eq!(PeriodClosings::<Test>::get(1).len() as u32, MAX_CLOSINGS);
		// Eight were forgotten, and with the eighth the opening of the ninth.
		assert_eq!(Points::roll_forward(1, START + 8 * PERIOD), None);
		assert_eq!(Points::roll_forward(1, START + 9 * PERIOD).unwrap().from, START + 9 * PERIOD);
		// A chain that slept through periods closes them as one.
		block_at(START + 25 * PERIOD + 3, false);
		let last = PeriodClosings::<Test>::get(1).last().unwrap().ends;
		assert_eq!(last, START + 21 * PERIOD);
		assert_eq!(PeriodEnds::<Test>::iter_keys().next().unwrap().0, (START + 26 * PERIOD).to_be_bytes());
	});
}

#[test]
fn a_block_closes_a_bounded_number_of_books() {
	run(|| {
		for _ in 0..16 {
			program(ISSUER, TERMS);
		}
		program(RIVAL, TERMS);
		let closed = || PeriodClosings::<Test>::iter().count();
		Timestamp::set_timestamp(START + PERIOD);
		Points::close_periods(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(closed(), 0);
		block_at(START + PERIOD, false);
		assert_eq!(closed(), 16);
		block_at(START + PERIOD, false);
		assert_eq!(closed(), 17);
	});
}

#[test]
fn a_portfolio_shows_what_is_held_and_pending_and_when_it_expires() {
	run(|| {
		program(ISSUER, TERMS);
		program(RIVAL, Terms { face_value: 3, pending: PERIOD, ..TERMS });
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_ok!(issue(RIVAL, 2, ANN, 8));
		assert_ok!(issue(RIVAL, 2, BEN, 9));
		let portfolio = Points::portfolio(ANN, 1);
		let shown: Vec<_> = portfolio
			.holdings
			.iter()
			.map(|h| (h.program, h.asset, h.amount, h.pending, h.expires - START, h.value))
			.collect();
		assert_eq!(shown, vec![(1, vintage(1, 0), 30, 0, 300, 300), (2, vintage(2, 0), 0, 8, 300, 24)]);
		assert_eq!(portfolio.next, None);
		assert!(Points::portfolio(13, 1).holdings.is_empty());
		Timestamp::set_timestamp(START + 3 * PERIOD);
		assert!(Points::portfolio(ANN, 1).holdings.is_empty());
	});
}

#[test]
fn a_portfolio_is_paged_by_programs() {
	run(|| {
		for _ in 0..16 {
			program(ISSUER, TERMS);
		}
		crate::LastProgram::<Test>::put(200);
		assert_eq!(Points::portfolio(ANN, 1).next, Some(65));
		assert_eq!(Points::portfolio(ANN, 65).next, Some(129));
		assert_eq!(Points::portfolio(ANN, 129).next, Some(193));
		assert_eq!(Points::portfolio(ANN, 193).next, None);
		assert_eq!(Points::portfolio(ANN, u16::MAX).next, None);
	});
}

#[test]
fn a_statement_shows_what_is_owed_and_what_stands_behind_it() {
	run(|| {
		program(ISSUER, TERMS);
		program(ISSUER, Terms { face_value: 1, ..TERMS });
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 7));
		assert_ok!(issue(ISSUER, 2, ANN, 5));
		let statement = Points::statement(ISSUER).unwrap();
		assert_eq!((statement.bond, statement.reserve, statement.cap), (BOND, RESERVE, CAP));
		assert_eq!((statement.outstanding, statement.minimum_reserve), (375, 38));
		let first = &statement.programs[0];
		assert_eq!((first.program, first.flows.issued), (1, 37));
		assert_eq!(first.due, vec![due(3, 30), due(4, 7)]);
		assert_eq!(statement.programs[1].due[0].value, 5);
		assert_eq!(Points::statement(9), None);
	});
}
