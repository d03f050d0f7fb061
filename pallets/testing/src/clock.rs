//! Time, and the eras that it is cut into.

use crate::{short, state};
use core::marker::PhantomData;
use frame_support::{traits::Time, weights::WeightMeter};
use hanse_primitives::{
	DeadlineClock, Duration, EndedEras, EraEndList, EraEndState, EraEndStep, EraIndex, Eras, Moment,
	OnEraEnd, Progress,
};

state! {
	/// The time of the block, for chains without `pallet_timestamp`.
	Now: Moment = 5_000;
	/// For how long the clock of deadlines stood.
	Stood: Duration = 0;
	/// The era of the block, where it is not the time that says it.
	Era: EraIndex = 10;
	/// How far the ends of eras are processed.
	EraEnds: Option<EraEndState> = None;
	/// Which ends of eras [`Ends`] has processed, and how many blocks each takes.
	Ended: Vec<EndedEras> = Vec::new();
	EndTakes: u32 = 1;
}

impl Time for Now {
	type Moment = Moment;

	short! { fn now() -> Moment = Now::get(); }
}

/// The time of `T`, less that for which the clock [`Stood`].
pub struct Deadlines<T>(PhantomData<T>);
impl<T: Time<Moment = Moment>> DeadlineClock for Deadlines<T> {
	short! {
		fn now() -> Moment = T::now() - Stood::get();
		fn stopped_for() -> Duration = Stood::get();
	}
}

/// Eras of `LENGTH` milliseconds from `START` on; orders are taken for `ORDERS` eras after their own.
pub struct TimedEras<T, const START: Moment, const LENGTH: Duration, const ORDERS: u32>(PhantomData<T>);
impl<T: Time<Moment = Moment>, const START: Moment, const LENGTH: Duration, const ORDERS: u32> Eras
	for TimedEras<T, START, LENGTH, ORDERS>
{
	short! {
		fn current() -> EraIndex = ((T::now() - START) / LENGTH) as EraIndex;
		fn order_eras() -> u32 = ORDERS;
		fn length() -> Duration = LENGTH;
		fn first_open() -> EraIndex = EraEnds::get().map_or_else(Self::current, |state| state.first_open);
	}
}

impl Eras for Era {
	short! {
		fn current() -> EraIndex = Era::get();
		fn order_eras() -> u32 = 1;
		fn length() -> Duration = 1_000;
	}
}

/// The end of an era, where `P` is all that has something to do.
pub struct Only<P>(PhantomData<P>);
impl<P: OnEraEnd> EraEndList for Only<P> {
	const STEPS: &'static [EraEndStep] = &[P::on_era_end];
}

/// Process the eras that are over, as the rulebook does. The first call begins an era, and ends none.
pub fn end_eras<E: Eras, P: OnEraEnd>(meter: &mut WeightMeter) {
	let mut state = EraEnds::get().unwrap_or(EraEndState::new(E::current()));
	state.advance::<Only<P>>(E::current(), meter);
	EraEnds::set(Some(state));
}

/// An end of an era that takes as many blocks as it is told.
pub struct Ends;
impl EraEndList for Ends {
	const STEPS: &'static [EraEndStep] = &[|ended, cursor, _| {
		*cursor += 1;
		if *cursor < EndTakes::get() {
			return Progress::Unfinished;
		}
		Ended::mutate(|all| all.push(ended));
		Progress::Done
	}];
}
