//! How the cost of a payment grows with what there is.

use crate::{
	Result, chain,
	chain::Timing,
	cli,
	load::{Kind, Shape},
	measure::Measured,
	network::{Population, Programs},
	stats::Spread,
};
use plotters::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
	fmt::Write,
	fs,
	path::{Path, PathBuf},
};

#[derive(Debug, clap::Args)]
pub struct Options {
	/// Where growth.json, growth.md and a plot of each are written.
	#[arg(long, value_name = "FOLDER", default_value = "growth")]
	into: PathBuf,

	/// Which of them.
	#[arg(long, value_enum, value_delimiter = ',', default_values_t = [Axis::Customers, Axis::Legs, Axis::Members, Axis::Merchants, Axis::Authorities])]
	of: Vec<Axis>,

	/// How often each point is measured.
	#[arg(long, default_value_t = 3)]
	repetitions: u32,

	/// Seconds of each measurement.
	#[arg(long, default_value_t = 25)]
	seconds: u64,

	/// Small numbers, once and shortly: to see that it works.
	#[arg(long)]
	quick: bool,
}

/// What there can be more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Axis {
	/// Registered customers: 10 thousand, 100 thousand and a million. Each pays once, so that nothing of it is in a
	/// cache; and then 8,000 of them pay again and again.
	Customers,
	/// Programs with which a payment is paid: 1, 4 and 8.
	Legs,
	/// Members: 4, 64 and 256.
	Members,
	/// Payments at all merchants, and nine of ten at one.
	Merchants,
	/// Authorities, all on this machine: 1, 4 and 7.
	Authorities,
}

/// One point of one line.
struct Point {
	line: &'static str,
	at: u32,
	population: Population,
	shape: Shape,
}

impl Axis {
	fn name(self) -> &'static str {
		match self {
			Self::Customers => "customers",
			Self::Legs => "legs",
			Self::Members => "members",
			Self::Merchants => "per cent at one merchant",
			Self::Authorities => "authorities",
		}
	}

	fn points(self, quick: bool) -> Vec<Point> {
		let customers = if quick { 4_096 } else { 51_200 };
		let point = |line, at, members, holdings, authorities, shape| Point {
			line,
			at,
			population: Population { customers, members, holdings, authorities },
			shape,
		};
		match self {
			Self::Customers => {
				customers_points(if quick { [1_000, 2_000, 4_000] } else { [10_000, 100_000, 1_000_000] })
			},
			Self::Legs => [1, 4, 8].map(|legs| point("", legs, 16, 8, 1, Shape { legs, ..shape() })).into(),
			Self::Members => [4, 64, 256].map(|members| point("", members, members, 1, 1, shape())).into(),
			Self::Merchants => [(25, false), (90, true)]
				.map(|(at, hot)| point("", at, 4, 1, 1, Shape { hot, ..shape() }))
				.into(),
			Self::Authorities => {
				let members = |authorities: u32| authorities.max(4);
				let customers = |authorities: u32| customers / members(authorities) * members(authorities);
				let point = |authorities| Point {
					line: "",
					at: authorities,
					population: Population {
						customers: customers(authorities),
						members: members(authorities),
						holdings: 1,
						authorities,
					},
					shape: shape(),
				};
				[1, 4, 7].map(point).into()
			},
		}
	}
}

fn customers_points(numbers: [u32; 3]) -> Vec<Point> {
	let most = numbers[2].min(100_000);
	let of = |customers: u32| {
		let population = Population { customers, members: 4, holdings: 1, authorities: 1 };
		// Spread over all of them; where there are fewer, they pay again.
		let cold = Shape { rounds: most.div_ceil(customers), ..shape() };
		let senders = customers.min(8_000);
		let warm = Shape { senders: Some(senders), rounds: most.div_ceil(senders), ..shape() };
		let point = |line, shape| Point { line, at: customers, population: population.clone(), shape };
		[point("each pays once", cold), point("the same 8,000 pay", warm)]
	};
	numbers.map(of).into_iter().flatten().collect()
}

fn shape() -> Shape {
	Shape { senders: None, rounds: 2, legs: 1, hot: false, slips: 64, awards: 500 }
}

/// What was measured at one point.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Found {
	axis: Axis,
	line: String,
	at: u32,
	samples: Vec<Measured>,
}

impl Found {
	fn spread(&self, of: fn(&Measured) -> f64) -> Option<Spread> {
		Spread::of(self.samples.iter().map(of))
	}
}

pub async fn run(programs: &Programs, options: &Options) -> Result<()> {
	let into = cli::folder(&options.into)?;
	let (repetitions, seconds, warm_up) =
		if options.quick { (1, 8, 2) } else { (options.repetitions, options.seconds, 5) };
	let timing = Timing { seconds, warm_up, rate: None, flood: false };
	let mut found = Vec::new();
	for axis in &options.of {
		let points = axis.points(options.quick);
		let samples = measure_axis(programs, *axis, &points, &timing, repetitions).await?;
		for (point, samples) in points.iter().zip(samples) {
			found.push(Found { axis: *axis, line: point.line.to_owned(), at: point.at, samples });
		}
		// After each, so that who stops it has what was measured.
		plot(&into.join(format!("growth-{}.svg", axis.name().replace(' ', "-"))), *axis, &found)?;
		fs::write(into.join("growth.json"), serde_json::to_string_pretty(&found)?)?;
		fs::write(into.join("growth.md"), table(&found))?;
	}
	println!("\n{}\nTable, plots and all figures are in {}.", table(&found), into.display());
	Ok(())
}

/// All points in turn, again and again; each specification is written once.
async fn measure_axis(
	programs: &Programs,
	axis: Axis,
	points: &[Point],
	timing: &Timing,
	repetitions: u32,
) -> Result<Vec<Vec<Measured>>> {
	let folder = tempfile::tempdir()?;
	let mut specifications: Vec<(Population, PathBuf)> = Vec::new();
	let mut samples: Vec<Vec<Measured>> = points.iter().map(|_| Vec::new()).collect();
	for round in 1..=repetitions {
		for (point, samples) in points.iter().zip(&mut samples) {
			let written = specifications.iter().find(|(population, _)| *population == point.population);
			let specification = match written {
				Some((_, path)) => path.clone(),
				None => point.population.specification(programs, folder.path())?,
			};
			specifications.push((point.population.clone(), specification.clone()));
			let plan = chain::plan(timing, Kind::Pay, &point.shape);
			let measured =
				chain::ours(programs, &specification, &point.population, &point.shape, plan).await?;
			println!(
				"{round}/{repetitions} {} {} {}: {:.0} a second, {:.3} ms of CPU in nodes",
				point.at,
				axis.name(),
				point.line,
				measured.per_second,
				measured.node_ms
			);
			samples.push(measured);
		}
	}
	Ok(samples)
}

fn table(found: &[Found]) -> String {
	let mut text = "| of | | payments a second, median (least–most) | CPU of the nodes for each, ms | declared ÷ taken | database of a node, MiB |\n|---|---|---|---|---|---|\n".to_owned();
	for one in found {
		let (Some(rate), Some(cpu), Some(disk)) =
			(one.spread(|one| one.per_second), one.spread(|one| one.node_ms), one.spread(|one| one.disk))
		else {
			continue;
		};
		let declared = Spread::of(one.samples.iter().filter_map(|one| one.declared));
		let declared = declared.map_or_else(|| "–".into(), |declared| format!("{:.2}", declared.median));
		let Spread { median, least, most, .. } = cpu;
		let _ = writeln!(
			text,
			"| {} {} | {} | {rate} | {median:.3} ({least:.3}–{most:.3}) | {declared} | {:.0} |",
			one.at,
			one.axis.name(),
			one.line,
			disk.median
		);
	}
	text
}

/// The cost of a payment along one axis, a line for each way to pay.
fn plot(path: &Path, axis: Axis, found: &[Found]) -> Result<()> {
	let found: Vec<&Found> = found.iter().filter(|one| one.axis == axis).collect();
	let most =
		found.iter().filter_map(|one| one.spread(|one| one.node_ms)).map(|cpu| cpu.most).fold(0.1, f64::max);
	let mut places: Vec<u32> = found.iter().map(|one| one.at).collect();
	places.sort_unstable();
	places.dedup();
	let mut lines: Vec<&str> = found.iter().map(|one| one.line.as_str()).collect();
	lines.dedup();
	lines.sort_unstable();
	lines.dedup();
	let area = SVGBackend::new(path, (640, 360)).into_drawing_area();
	area.fill(&WHITE)?;
	let mut chart = ChartBuilder::on(&area)
		.caption(format!("CPU of the nodes for a payment, ms, by {}", axis.name()), ("sans-serif", 16))
		.margin(10)
		.x_label_area_size(28)
		.y_label_area_size(40)
		.build_cartesian_2d(-0.3..places.len() as f64 - 0.4, 0.0..most * 1.3)?;
	let label = |x: &f64| {
		let is_place = (x - x.round()).abs() < 0.01;
		let place = places.get(x.round().max(0.0) as usize).filter(|_| is_place);
		place.map(u32::to_string).unwrap_or_default()
	};
	chart.configure_mesh().disable_x_mesh().x_labels(places.len() * 10).x_label_formatter(&label).draw()?;
	for (line, colour) in lines.iter().zip([BLUE, RED]) {
		let of_line = found.iter().filter(|one| one.line == *line);
		let ends = of_line.filter_map(|one| {
			let place = places.iter().position(|place| *place == one.at)? as f64;
			Some((place, one.spread(|one| one.node_ms)?, one.spread(|one| one.per_second)?))
		});
		let ends: Vec<(f64, Spread, Spread)> = ends.collect();
		let series =
			chart.draw_series(LineSeries::new(ends.iter().map(|(x, cpu, _)| (*x, cpu.median)), &colour))?;
		if !line.is_empty() {
			series.label(*line).legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour));
		}
		for (x, cpu, rate) in &ends {
			chart.draw_series([PathElement::new([(*x, cpu.least), (*x, cpu.most)], colour)])?;
			chart.draw_series([Circle::new((*x, cpu.median), 3, colour.filled())])?;
			let text = format!("{:.0} a second", rate.median);
			chart.draw_series([Text::new(text, (x + 0.03, cpu.median + most * 0.07), ("sans-serif", 12))])?;
		}
	}
	if lines.len() > 1 {
		chart.configure_series_labels().background_style(WHITE).border_style(BLACK).draw()?;
	}
	area.present()?;
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_point_has_as_many_customers_of_each_member_and_a_merchant_to_pay() {
		for axis in [Axis::Customers, Axis::Legs, Axis::Members, Axis::Merchants, Axis::Authorities] {
			for quick in [false, true] {
				for Point { population, shape, .. } in axis.points(quick) {
					let senders = shape.senders.unwrap_or(population.customers);
					assert_eq!(senders % population.members, 0, "{axis:?} {population:?}");
					assert!(senders <= population.customers && shape.legs < population.members);
					assert!(shape.legs <= population.holdings, "{axis:?}");
				}
			}
		}
	}
}
