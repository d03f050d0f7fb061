//! A payment that fails at any step leaves nothing behind. Each is sent as a wallet sends it and fails in its
//! last leg, when those before have burned, been set off, taken on a line and paid; of the whole storage
//! nothing has changed afterwards but the fee.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::assert_ok;
use hanse_primitives::{Balance, InstitutionId, MemberStatus as _, Order, ProgramId, Reserves as _};
use hanse_runtime::{
	configs::PotAccount,
	constants::{CENT, MIN_PRICE, SLOT_DURATION, UNIT},
	Clearing, Exchange, Executive, Institutions, Rulebook, Runtime, RuntimeCall, Timestamp,
};
use pallet_points::Terms;
use pallet_supervision::Target;
use sp_runtime::DispatchError;

const INN: InstitutionId = 3;
const STORE: InstitutionId = 4;
const PRICE: Balance = 15 * UNIT;
/// Points that are worth 100 units.
const PLENTY: Balance = 10_000;

/// Sends `call` in a block. It fails by the name of `error`, and changes nothing but what its fee does: nobody
/// sponsors it, so that is the payer's own money.
fn refused(payer: &Wallet, call: RuntimeCall, error: impl Into<DispatchError>) {
	let name = format!("{call:?}");
	open_block(Timestamp::get() + SLOT_DURATION);
	(1..=4).for_each(|sponsor| leave_of_budget(sponsor, 0, 0));
	// The hooks run before the first transaction, which is somebody else's.
	let remark = frame_system::Call::remark { remark: vec![] };
	Executive::apply_extrinsic(bystander().signs(remark)).unwrap().unwrap();
	let (transaction, before) = (payer.signs(call), storage());
	let (free, pot_before) = (money(&payer.account()), pot());
	assert_eq!(Executive::apply_extrinsic(transaction), Ok(Err(error.into())), "{name}");
	let by_the_fee =
		[payer.account(), PotAccount::get()].map(frame_system::Account::<Runtime>::hashed_key_for);
	let mut left = changes(&before, &storage());
	left.retain(|key| !by_the_fee.contains(key));
	assert!(left.is_empty(), "{name} leaves {left:?}");
	let fee = free - money(&payer.account());
	assert!(fee > 0 && pot() - pot_before == fee);
	Executive::finalize_block();
}

fn bystander() -> Wallet {
	Wallet::new(1_000)
}

/// Sends `call` in a block, and it succeeds.
fn passes(payer: &Wallet, call: RuntimeCall) {
	let name = format!("{call:?}");
	assert_eq!(block(vec![payer.signs(call)]), [Ok(Ok(()))], "{name}");
}

/// Ann and the programs whose points she holds, in the order in which she pays with them at the store.
struct Market {
	ann: Wallet,
	programs: [ProgramId; 3],
}

impl Market {
	/// The inn's points are the last leg. Of Air's the first part is on a line, of Books' set off.
	fn new(inn: Terms) -> Self {
		let programs = [program(AIR, TERMS), program(BOOKS, TERMS), program(INN, inn)];
		let own = program(STORE, TERMS);
		let ann = Wallet::new(1);
		register(AIR, &ann, 1);
		[&ann, &bystander()].into_iter().for_each(|wallet| give(&wallet.account(), 100 * UNIT));
		for (issuer, program) in (1..).zip(programs.into_iter().chain([own])) {
			issue(issuer, program, &[ann.account()], PLENTY, u64::from(issuer) * 1_000);
		}
		grant(STORE, AIR, 3 * UNIT);
		grant(BOOKS, STORE, 3 * UNIT);
		passes(&ann, payment(BOOKS, 1, 3 * UNIT, &[(own, 300)]));
		Market { ann, programs }
	}

	fn run(test: impl FnOnce(Self)) {
		run(|| test(Self::new(TERMS)));
	}

	/// A third of the price each.
	fn legs(&self) -> [(ProgramId, Balance); 3] {
		self.programs.map(|program| (program, 500))
	}

	/// Order 100, paid at once and in two steps.
	fn ways(&self) -> [RuntimeCall; 2] {
		[payment, authorization].map(|way| way(STORE, 100, PRICE, &self.legs()))
	}

	fn refuses(&self, error: impl Into<DispatchError>) {
		let error = error.into();
		self.ways().into_iter().for_each(|call| refused(&self.ann, call, error));
	}

	/// Both ways pass, so it was nothing else.
	fn takes(&self) {
		let [pay, _] = self.ways();
		passes(&self.ann, pay);
		passes(&self.ann, authorization(STORE, 101, PRICE, &self.legs()));
	}
}

#[test]
fn where_nothing_is_wrong_the_legs_are_taken_on_a_line_set_off_and_paid() {
	Market::run(|market| {
		let owed = |debtor| Clearing::positions(debtor).unwrap().owed;
		let before = [AIR, BOOKS, INN].map(Clearing::reserve);
		assert_eq!(owed(STORE), 2_985_000);
		market.takes();
		// Of 4.975 each: three on the line, 2.985 set off, the rest and all of the inn's in money.
		assert_eq!((owed(AIR), owed(STORE)), (3 * UNIT, 0));
		let paid = [0, 1, 2].map(|place| before[place] - Clearing::reserve(place as InstitutionId + 1));
		assert_eq!(paid, [1_975_000, 1_990_000, 4_975_000]);
	});
}

#[test]
fn over_the_customers_limit() {
	Market::run(|market| {
		let error: DispatchError = pallet_customers::Error::<Runtime>::OverLimit.into();
		let limit = Rulebook::rules().customer_limit;
		let Market { ann, programs } = &market;
		issue(INN, programs[2], &[ann.account()], 20 * PLENTY, 1);
		let legs = programs.map(|program| (program, Balance::MAX));
		for way in [payment, authorization] {
			refused(ann, way(STORE, 100, limit - 3 * UNIT + 1, &legs), error);
		}
		refused(ann, exchange(programs[2], 10 * PLENTY, programs[0]), error);
		passes(ann, payment(STORE, 90, limit - 3 * UNIT, &legs));
		market.refuses(error);
	});
}

#[test]
fn a_stranger() {
	Market::run(|market| {
		let error: DispatchError = pallet_customers::Error::<Runtime>::NotRegistered.into();
		let leave = pallet_customers::Call::unregister { account: market.ann.account() };
		passes(&market.ann, leave.into());
		market.refuses(error);
		refused(&market.ann, exchange(market.programs[0], 100, market.programs[1]), error);
		next_block();
		register(BOOKS, &market.ann, 1);
		market.takes();
	});
}

#[test]
fn a_balance_that_is_one_point_short() {
	Market::run(|market| {
		let last = market.programs[2];
		passes(&market.ann, gift(last, &stranger(1), PLENTY - 499));
		market.refuses(pallet_exchange::Error::<Runtime>::PriceNotCovered);
		let all = exchange(last, 500, market.programs[0]);
		refused(&market.ann, all, pallet_exchange::Error::<Runtime>::PointsTooFew);
		issue(INN, last, &[market.ann.account()], 501, 1);
		market.takes();
	});
}

#[test]
fn legs_that_allow_one_point_too_few() {
	Market::run(|market| {
		let mut legs = market.legs();
		legs[2].1 -= 1;
		for way in [payment, authorization] {
			let call = way(STORE, 100, PRICE, &legs);
			refused(&market.ann, call, pallet_exchange::Error::<Runtime>::PriceNotCovered);
		}
		market.takes();
	});
}

#[test]
fn a_program_that_is_nobodys() {
	Market::run(|market| {
		let mut legs = market.legs();
		legs[2].0 = 99;
		for way in [payment, authorization] {
			let call = way(STORE, 100, PRICE, &legs);
			refused(&market.ann, call, pallet_points::Error::<Runtime>::NotFound);
		}
		let call = exchange(market.programs[0], 100, 99);
		refused(&market.ann, call, pallet_points::Error::<Runtime>::NotFound);
	});
}

#[test]
fn an_expired_vintage_and_one_in_its_last_days() {
	run(|| {
		let market = Market::new(Terms { validity: 30 * DAY, ..TERMS });
		let Market { ann, programs: [sky, _, inn] } = &market;
		let too_few: DispatchError = pallet_exchange::Error::<Runtime>::PointsTooFew.into();
		let expires = Timestamp::get() + 60 * DAY;
		let rules = Rulebook::rules();
		let before_expiry = |time| {
			block_at(expires - time, vec![]);
			next_block();
		};
		before_expiry(rules.no_exchange + 5_000);
		passes(ann, exchange(*inn, 100, *sky));
		before_expiry(rules.no_exchange);
		refused(ann, exchange(*inn, 100, *sky), too_few);
		market.takes();
		// What would expire before the authorisation lapses is not taken for one.
		before_expiry(rules.authorisation);
		let not_covered: DispatchError = pallet_exchange::Error::<Runtime>::PriceNotCovered.into();
		refused(ann, authorization(STORE, 200, PRICE, &market.legs()), not_covered);
		passes(ann, payment(STORE, 200, PRICE, &market.legs()));
		before_expiry(0);
		// Order 100 was paid.
		for way in [payment, authorization] {
			refused(ann, way(STORE, 300, PRICE, &market.legs()), not_covered);
		}
		refused(ann, exchange(*inn, 100, *sky), too_few);
	});
}

#[test]
fn a_reserve_that_is_short_of_what_the_issuer_owes() {
	Market::run(|market| {
		let Market { ann, programs: [sky, _, inn] } = &market;
		let error: DispatchError = pallet_clearing::Error::<Runtime>::ReserveTooSmall.into();
		passes(ann, gift(*inn, &stranger(1), PLENTY / 2));
		// Less than what its points buy here; then what another payment leaves of it.
		drain(INN, 11 * UNIT);
		let legs = [(*sky, 500), (*inn, 1_200)];
		for way in [payment, authorization] {
			refused(ann, way(STORE, 100, 17 * UNIT, &legs), error);
		}
		refused(ann, exchange(*inn, 1_200, *sky), error);
		passes(ann, payment(STORE, 102, 8 * UNIT, &[(*inn, 800)]));
		market.refuses(error);
		dispatch(member(INN), pallet_clearing::Call::top_up { amount: 20 * UNIT }).unwrap();
		market.takes();
	});
}

#[test]
fn a_reserve_that_is_short_for_the_interchange_only() {
	Market::run(|market| {
		let Market { ann, programs: [sky, _, inn] } = &market;
		let error: DispatchError = pallet_clearing::Error::<Runtime>::ReserveTooSmall.into();
		drain(INN, 20 * UNIT - 1);
		let legs = [(*sky, 500), (*inn, 2_000)];
		for way in [payment, authorization] {
			refused(ann, way(STORE, 100, 25 * UNIT, &legs), error);
		}
		refused(ann, exchange(*inn, 2_000, *sky), error);
		dispatch(member(INN), pallet_clearing::Call::top_up { amount: 1 }).unwrap();
		passes(ann, payment(STORE, 100, 25 * UNIT, &legs));
		assert_eq!(Clearing::free_reserve(INN), 0);
	});
}

#[test]
fn the_interchange_of_what_a_line_pays() {
	Market::run(|market| {
		let Market { ann, programs: [sky, _, inn] } = &market;
		grant(STORE, INN, 100 * UNIT);
		drain(INN, 10 * UNIT);
		// All that it has goes elsewhere, so that the line is all that is left.
		passes(ann, payment(BOOKS, 2, 10 * UNIT, &[(*inn, 1_000)]));
		assert_eq!(Clearing::free_reserve(INN), 0);
		market.refuses(pallet_clearing::Error::<Runtime>::ReserveTooSmall);
		let on_line = exchange(*inn, 100, *sky);
		refused(ann, on_line, pallet_clearing::Error::<Runtime>::ReserveTooSmall);
	});
}

#[test]
fn an_overdue_issuers_points_pause_at_partners_but_pay_at_home() {
	Market::run(|market| {
		let Market { ann, programs: [sky, _, inn] } = &market;
		drain(INN, 10 * UNIT);
		grant(STORE, INN, 50 * UNIT);
		passes(ann, payment(STORE, 50, 50 * UNIT, &[(*inn, 5_000)]));
		block_at(Timestamp::get() + Rulebook::rules().cycle, vec![]);
		next_block();
		assert!(Clearing::positions(INN).unwrap().overdue.is_some());
		let error: DispatchError = pallet_clearing::Error::<Runtime>::Overdue.into();
		market.refuses(error);
		refused(ann, exchange(*inn, 100, *sky), error);
		passes(ann, payment(INN, 51, PRICE, &[(*sky, 500), (*inn, 1_000)]));
		passes(ann, authorization(INN, 52, PRICE, &[(*inn, 1_500)]));
		passes(ann, gift(*inn, &stranger(1), 1));
	});
}

#[test]
fn a_repeated_order() {
	Market::run(|market| {
		let [pay, authorize] = market.ways();
		passes(&market.ann, pay);
		market.refuses(pallet_exchange::Error::<Runtime>::AlreadyPaid);
		// The same order of another merchant is another one.
		passes(&market.ann, authorization(INN, 100, PRICE, &market.legs()));
		let error: DispatchError = pallet_exchange::Error::<Runtime>::AlreadyAuthorised.into();
		refused(&market.ann, payment(INN, 100, PRICE, &market.legs()), error);
		refused(&market.ann, authorization(INN, 100, PRICE, &market.legs()), error);
		let void =
			pallet_exchange::Call::void { merchant: INN, payer: market.ann.account(), order: order(100) };
		dispatch(member(INN), void).unwrap();
		refused(&market.ann, authorize, pallet_exchange::Error::<Runtime>::AlreadyPaid);
	});
}

#[test]
fn an_order_of_a_closed_era_or_of_one_to_come() {
	Market::run(|market| {
		block_at(START + 2 * DAY, vec![]);
		next_block();
		let error: DispatchError = pallet_exchange::Error::<Runtime>::EraNotOpen.into();
		let (price, merchant) = (PRICE, STORE);
		for era in [0, era() - 8, era() + 1] {
			let (order, legs) = (Order { era, ..order(100) }, legs_of(&market.legs()));
			let pay = pallet_exchange::Call::pay { merchant, order, price, legs: legs.clone() };
			refused(&market.ann, pay.into(), error);
			let authorize = pallet_exchange::Call::authorize { merchant, order, price, legs };
			refused(&market.ann, authorize.into(), error);
		}
		market.takes();
	});
}

#[test]
fn a_price_below_the_lowest() {
	Market::run(|market| {
		for price in [0, MIN_PRICE - 1] {
			for way in [payment, authorization] {
				let call = way(STORE, 100, price, &market.legs());
				refused(&market.ann, call, pallet_exchange::Error::<Runtime>::PriceTooLow);
			}
		}
		passes(&market.ann, payment(STORE, 100, CENT, &market.legs()));
	});
}

#[test]
fn a_merchant_that_cannot_be_paid() {
	Market::run(|market| {
		for way in [payment, authorization] {
			let call = way(99, 100, PRICE, &market.legs());
			refused(&market.ann, call, pallet_institutions::Error::<Runtime>::NotFound);
		}
		Institutions::start_run_off(STORE).unwrap();
		market.refuses(pallet_institutions::Error::<Runtime>::NotActive);
	});
}

#[test]
fn an_exchange_that_gives_less_than_was_asked_for() {
	Market::run(|market| {
		let Market { ann, programs: [sky, read, _] } = &market;
		let out = Exchange::quote_exchange(ann.account(), *sky, 1_000, *read).unwrap();
		assert_eq!(out, 995);
		let at_least = |min_out| {
			RuntimeCall::from(pallet_exchange::Call::exchange {
				from: *sky,
				amount: 1_000,
				to: *read,
				min_out,
			})
		};
		refused(ann, at_least(out + 1), pallet_exchange::Error::<Runtime>::BelowMinOut);
		refused(ann, exchange(*sky, 1, *read), pallet_points::Error::<Runtime>::ZeroAmount);
		passes(ann, at_least(out));
	});
}

#[test]
fn a_halted_program() {
	Market::run(|market| {
		let Market { ann, programs: [sky, _, inn] } = &market;
		assert_ok!(halt(&supervisor(), &Target::Program(*inn), DAY));
		let error: DispatchError = pallet_supervision::Error::<Runtime>::PointsHalted.into();
		market.refuses(error);
		refused(ann, exchange(*inn, 100, *sky), error);
		refused(ann, exchange(*sky, 100, *inn), pallet_supervision::Error::<Runtime>::ProgramHalted);
	});
}

#[test]
fn a_halted_customer() {
	Market::run(|market| {
		let Market { ann, programs: [sky, _, inn] } = &market;
		assert_ok!(halt(&supervisor(), &Target::Customer(ann.account()), DAY));
		let error: DispatchError = pallet_supervision::Error::<Runtime>::PointsHalted.into();
		market.refuses(error);
		refused(ann, exchange(*inn, 100, *sky), error);
	});
}

#[test]
fn an_issuer_that_may_make_no_points_takes_none_in() {
	Market::run(|market| {
		let Market { ann, programs: [sky, _, inn] } = &market;
		assert_ok!(halt(&supervisor(), &Target::Institution(INN), DAY));
		refused(ann, exchange(*sky, 100, *inn), pallet_supervision::Error::<Runtime>::IssuingHalted);
		// Nobody's spending stops.
		market.takes();
	});
}

/// Books has so many units outstanding on so large a reserve, and its points buy 900 elsewhere.
fn spend_backing(market: &Market, outstanding: Balance, reserve: Balance) {
	let (ann, read) = (&market.ann, market.programs[1]);
	let more = (outstanding * UNIT - pallet_points::LiabilityOf::<Runtime>::get(BOOKS).outstanding) / CENT;
	issue(BOOKS, read, &[ann.account()], more, 1);
	drain(BOOKS, reserve * UNIT);
	passes(ann, payment(STORE, 90, 900 * UNIT, &[(read, Balance::MAX)]));
}

#[test]
fn a_target_over_its_liability_cap() {
	Market::run(|market| {
		// Four times 10,000 and 24,900; then the backing falls by more than a quarter of what was spent.
		spend_backing(&market, 139_600, 24_900);
		let Market { ann, programs: [sky, read, _] } = &market;
		refused(ann, exchange(*sky, 100, *read), pallet_points::Error::<Runtime>::OverLiabilityCap);
		market.takes();
	});
}

#[test]
fn a_target_below_its_minimum_reserve() {
	Market::run(|market| {
		spend_backing(&market, 60_000, 6_000);
		let Market { ann, programs: [sky, read, _] } = &market;
		refused(ann, exchange(*sky, 100, *read), pallet_points::Error::<Runtime>::BelowMinimumReserve);
		market.takes();
	});
}

#[test]
fn a_refund_and_a_capture_for_which_the_merchants_or_the_issuers_reserve_is_short() {
	Market::run(|market| {
		let Market { ann, programs } = &market;
		let error: DispatchError = pallet_points::Error::<Runtime>::BelowMinimumReserve.into();
		market.takes();
		grant(BOOKS, STORE, 0);
		drain(STORE, 10 * UNIT);
		let (before, payer) = (storage(), ann.account());
		let failed = dispatch(member(STORE), refund(&payer, order(100), PRICE)).unwrap_err();
		assert_eq!((failed, before == storage()), (error, true));
		// Of the authorised what the reserve was kept for is there, whatever else is not.
		drain(INN, 75 * UNIT);
		passes(ann, payment(BOOKS, 5, 69 * UNIT, &[(programs[2], PLENTY)]));
		let capture = pallet_exchange::Call::capture { payer, order: order(101), value: PRICE, last: true };
		assert_ok!(dispatch(member(STORE), capture));
	});
}
