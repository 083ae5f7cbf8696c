// SPDX-License-Identifier: GPL-3.0-or-later
// Today's C++: Ceres with automatic derivatives through a gridded convolution.
#include "bench/peers/serve.h"

#include <ceres/ceres.h>
#include <glog/logging.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace
{
constexpr int kCells = 1201, kHalf = 200;
constexpr double kStep = 0.1, kFirst = -60.0, kPi = 3.14159265358979323846;

struct Table {
    std::vector<double> values; // R on the grid, unit sum
    double norm;
};

template <typename T> T Response(const peers_response &response, const T &x)
{
    using std::exp;
    T sum(0.0);
    for (size_t k = 0; k < response.nparts; k++) {
        const peers_part &part = response.parts[k];
        const double g = 0.5 * part.fwhm, s = part.fwhm / (2.0 * std::sqrt(2.0 * std::log(2.0)));
        const T t = x - part.center;
        sum += part.weight *
               (part.eta * g / kPi / (t * t + g * g) +
                (1.0 - part.eta) / (s * std::sqrt(2.0 * kPi)) * exp(t * t * (-0.5 / (s * s))));
    }
    return sum;
}

template <typename T> T Bose(const T &x)
{
    using std::abs;
    using std::exp;
    const T u = x / PEERS_KT;
    if (abs(u) < 1e-5)
        return 1.0 + 0.5 * u;
    return u / (1.0 - exp(-u));
}

template <int kModes> struct Residuals {
    const peers_set *set;
    const peers_spectrum *spectrum;
    const Table *table;

    template <typename T> bool operator()(const T *p, T *out) const
    {
        static thread_local std::vector<T> s(kCells);
        for (int i = 0; i < kCells; i++) {
            const T x = kFirst + kStep * i - p[1], x2 = x * x;
            T sum(0.0);
            for (int k = 0; k < kModes; k++) {
                const T &area = p[4 + 3 * k], &omega = p[5 + 3 * k], &gamma = p[6 + 3 * k];
                const T o2 = omega * omega, d = o2 - x2;
                sum += area * (2.0 / kPi) * gamma * o2 / (d * d + 4.0 * gamma * gamma * x2);
            }
            s[static_cast<size_t>(i)] = sum * Bose(x);
        }
        const peers_response &response = set->responses[spectrum->analyzer];
        const size_t stride = 800 / (set->npoints - 1);
        for (size_t i = 0; i < set->npoints; i++) {
            const double e = set->energy[i], count = spectrum->counts[i];
            T sum(0.0);
            for (size_t m = 0; m <= 2 * kHalf; m++)
                sum += table->values[m] * s[2 * kHalf + i * stride - m];
            const T model =
                p[2] + p[3] * e + p[0] * Response<T>(response, e - p[1]) / table->norm + sum;
            out[i] = (model - count) / std::sqrt(std::max(count, 1.0));
        }
        return true;
    }
};

struct Work {
    std::vector<Table> tables;
};

void *Prepare(const peers_set *set)
{
    Work *work = new Work;
    for (size_t a = 0; a < set->nanalyzers; a++) {
        Table table{std::vector<double>(2 * static_cast<size_t>(kHalf) + 1), 0.0};
        double sum = 0.0;
        for (size_t i = 0; i < table.values.size(); i++)
            sum += table.values[i] =
                peers_response_at(&set->responses[a], kStep * (static_cast<double>(i) - kHalf));
        for (double &value : table.values)
            value /= sum;
        table.norm = sum * kStep;
        work->tables.push_back(table);
    }
    return work;
}

template <int kModes>
void FitModes(const Work &work, const peers_set *set, size_t index, peers_answer *answer)
{
    const peers_spectrum *spectrum = &set->spectra[index];
    std::copy(spectrum->start, spectrum->start + PEERS_PARAMETERS, answer->parameters);
    ceres::Problem problem;
    problem.AddResidualBlock(
        new ceres::AutoDiffCostFunction<Residuals<kModes>, ceres::DYNAMIC, 4 + 3 * kModes>(
            new Residuals<kModes>{set, spectrum, &work.tables[spectrum->analyzer]},
            static_cast<int>(set->npoints)),
        nullptr, answer->parameters);
    ceres::Solver::Options options;
    options.linear_solver_type = ceres::DENSE_QR;
    options.max_num_iterations = 500;
    options.function_tolerance = 1e-8;
    options.parameter_tolerance = 1e-8;
    options.logging_type = ceres::SILENT;
    ceres::Solver::Summary summary;
    ceres::Solve(options, &problem, &summary);
    answer->objective = 2.0 * summary.final_cost;
    answer->evaluations = summary.num_residual_evaluations;
}

void Fit(void *context, const peers_set *set, size_t index, peers_answer *answer)
{
    const Work &work = *static_cast<const Work *>(context);
    switch (set->spectra[index].nmodes) {
    case 1:
        return FitModes<1>(work, set, index, answer);
    case 2:
        return FitModes<2>(work, set, index, answer);
    case 3:
        return FitModes<3>(work, set, index, answer);
    default:
        return FitModes<4>(work, set, index, answer);
    }
}
} // namespace

int main(int argc, char **argv)
{
    const peers_program program = {Prepare, Fit};
    google::InitGoogleLogging(argv[0]);
    return peers_serve(argc, argv, &program);
}
