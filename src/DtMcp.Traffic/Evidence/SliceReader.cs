using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Reads a long window in parts of a slice, or of many where they hold little, a few at once, in order of time. Each part is tried up to
/// three times on its own; one that times out or is too large to keep whole is halved. Nothing of a part counts before the part is whole,
/// and when one fails the others end with it.
/// </summary>
internal sealed class SliceReader(DarktraceClient client, InvestigatorOptions options)
{
    private const int Attempts = 3;

    /// <summary>How often in a row a part may be halved because it timed out: each costs a whole timeout.</summary>
    private const int TimeoutHalvings = 2;

    /// <summary>How many times as long as the one before a part may be: what a quiet night promises is kept by no morning.</summary>
    private const int Growth = 8;

    private long PartRows => Math.Max(1, options.MaxFlows / 2);

    /// <summary>
    /// Reads all parts into <paramref name="target"/>; false when the appliance does not answer in rows (nothing is read then).
    /// </summary>
    public async Task<bool> ReadAsync(
        IReadOnlyList<TimeWindow> parts, NetworkQuery filters, FlowSet target, ReadMeter meter, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? failed = null;
        Queue<Part> underWay = [];
        try
        {
            // The first alone: it tells whether there are rows at all, and how many.
            var (next, length, done) = (0, 1, 0);
            while (next < parts.Count || underWay.Count > 0)
            {
                while (next < parts.Count && underWay.Count < (done == 0 ? 1 : options.SlicesAtOnce))
                {
                    var last = Math.Min(next + length, parts.Count) - 1;
                    underWay.Enqueue(Start(new TimeWindow(parts[next].StartMs, parts[last].EndMs), last - next + 1));
                    next = last + 1;
                }

                meter.Parts = done + underWay.Count + ((parts.Count - next + length - 1) / length);
                var (part, before) = (underWay.Peek(), target.Count);
                if (!await part.AbsorbAsync(target, stop.Token).ConfigureAwait(false))
                {
                    return done == 0 && target.Count == 0 ? false : throw RowsEnded();
                }

                underWay.Dequeue();
                meter.PartDone();
                done++;
                length = LengthAfter(part.Length, target.Count - before);
            }

            return true;
        }
        catch (OperationCanceledException) when (failed is not null && !cancellationToken.IsCancellationRequested)
        {
            // The part whose turn it is was stopped by one behind it.
            failed.Throw();
            throw;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(underWay.Select(part => part.Reading)).ContinueWith(static _ => { }, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .ConfigureAwait(false);
        }

        Part Start(TimeWindow window, int slices)
        {
            var pieces = Channel.CreateBounded<FlowSet>(1);
            return new Part(pieces.Reader, ReadToEndAsync(window, pieces.Writer), slices);
        }

        async Task<bool> ReadToEndAsync(TimeWindow window, ChannelWriter<FlowSet> pieces)
        {
            try
            {
                return await ReadPartAsync(window, filters, pieces, meter, 0, stop.Token).ConfigureAwait(false);
            }
            catch (ApplianceException broken)
            {
                failed ??= ExceptionDispatchInfo.Capture(broken);
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
            finally
            {
                pieces.Complete();
            }
        }
    }

    // A request a slice is dear where slices hold next to nothing: as many go into one as promise few rows.
    private int LengthAfter(int length, long rows) =>
        (int)Math.Clamp(Math.Min(options.FewRows, PartRows / 2) * length / Math.Max(1, rows), 1, Math.Min((long)length * Growth, 100_000));

    /// <summary>
    /// Reads a part in as many pieces as it takes, each handed over when it is whole; false when the appliance does not answer in rows.
    /// </summary>
    private async Task<bool> ReadPartAsync(
        TimeWindow part, NetworkQuery filters, ChannelWriter<FlowSet> pieces, ReadMeter meter, int timeouts,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var tooLarge = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var rows = new FlowSet(PartRows, new StopWhenTooLarge(tooLarge), options.MaxHosts) { Window = part };
            using var progress = meter.Attempt();
            try
            {
                var answer = await client.GetNetworkAsync(filters with { Window = part }, rows, progress,
                    tooLarge.Token).ConfigureAwait(false);
                progress.Keep();
                if (rows.IsWhole)
                {
                    if (answer.Kind is not (NetworkAnswerKind.Flows or NetworkAnswerKind.Empty))
                    {
                        return false;
                    }

                    await pieces.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
                    return true;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Stopped by itself: more rows than one part may hold.
            }
            catch (ApplianceException error) when (error.Error == ApplianceError.Timeout && timeouts < TimeoutHalvings
                && Slicing.Halve(part) is not null)
            {
                timeouts++;
            }
            catch (ApplianceException error) when (IsWorthAnotherTry(error.Error) && attempt < Attempts)
            {
                continue;
            }

            if (Slicing.Halve(part) is not var (first, second))
            {
                throw new ApplianceException(
                    ApplianceError.BadAnswer,
                    $"One minute of traffic holds more than {PartRows} connections or {options.MaxHosts} endpoints.",
                    "Raise DTMCP_MAX_FLOWS or DTMCP_MAX_HOSTS, or ask with a filter (did, port, intext).");
            }

            return await ReadPartAsync(first, filters, pieces, meter, timeouts, cancellationToken).ConfigureAwait(false)
                && await ReadPartAsync(second, filters, pieces, meter, timeouts, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ApplianceException RowsEnded() => new(
        ApplianceError.BadAnswer, "The appliance gave rows for one part of the window and none for another.",
        "Ask again, or a shorter window.");

    private static bool IsWorthAnotherTry(ApplianceError error) =>
        error is ApplianceError.BadAnswer or ApplianceError.ApplianceBusy or ApplianceError.Unreachable;

    /// <summary>A part under way: its pieces in order of time, no more than one waiting to be taken.</summary>
    private sealed record Part(ChannelReader<FlowSet> Pieces, Task<bool> Reading, int Length)
    {
        /// <summary>Takes the pieces as they come; false when there are no rows.</summary>
        public async Task<bool> AbsorbAsync(FlowSet target, CancellationToken cancellationToken)
        {
            await foreach (var piece in Pieces.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                target.Absorb(piece);
            }

            return await Reading.ConfigureAwait(false);
        }
    }

    // It holds nothing by endpoint: rows of a part are kept or not at all.
    private sealed class StopWhenTooLarge(CancellationTokenSource stop) : IFlowConsumer
    {
        public void Consume(FlowSet flows, FlowChunk chunk)
        {
            if (!flows.KeepsRows)
            {
                stop.Cancel();
            }
        }

        public void Weigh(EndpointWeights weights)
        {
        }

        public void Remap(EndpointRemap remap)
        {
        }
    }
}
