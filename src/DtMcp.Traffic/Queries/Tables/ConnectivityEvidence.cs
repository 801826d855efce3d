using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>The guide's answers to one question, and what all tables need of them: whom they are about and which part meets what.</summary>
internal sealed class ConnectivityEvidence(ConnectivityHalves answers, AnalysisSettings settings)
{
    private readonly Lazy<FocusPairs?> _inside = new(() => Half(answers.Internal, settings));
    private readonly Lazy<FocusPairs?> _outside = new(() => Half(answers.External, settings));
    private readonly Lazy<InOut?> _all = new(() => Sum(ConnectivityParts.Named(answers, answer => answer.Protocols)));

    public ConnectivityHalves Answers => answers;

    public AnalysisSettings Settings => settings;

    public ConnectivityView View { get; } = ConnectivityViews.Of(settings);

    /// <summary>What everything received and sent; seen from the device in an answer about one.</summary>
    public InOut? All => _all.Value;

    /// <summary>What devices received and sent themselves.</summary>
    public OwnBytes Own => field ??= View == ConnectivityView.Subnet
        ? new OwnBytes(answers.Both is { } view ? [view] : [], settings.Subnet)
        : new OwnBytes(answers.SubnetViews);

    /// <summary>The device asked about, where the answers list it.</summary>
    public ConnectivityDevice? Focus => View == ConnectivityView.Device
        ? answers.All.SelectMany(answer => answer.Devices ?? []).FirstOrDefault(IsFocus)
        : null;

    /// <summary>The device's address, as asked or as listed.</summary>
    public string? FocusIp => Settings.FocusAddress.IsPresent ? Settings.FocusAddress.ToString() : Focus?.Ip;

    /// <summary>The answer that has all hosts outside.</summary>
    public Connectivity? External => answers.External ?? answers.Both;

    /// <summary>Whether that answer counts external connections only.</summary>
    public bool IsExternalAlone { get; } = answers.External is not null || answers.Both is { IntExt: { } sides } && sides.All(side =>
        side.Bytes.Total == 0 || IsExternal(side.Name));

    /// <summary>Who went out and who came in; null without an answer that has hosts outside.</summary>
    public OutsidePairs? Outside => field ??= External is { } answer ? new OutsidePairs(answer, IsExternalAlone) : null;

    /// <summary>The peers of the device asked about; of a half that was not asked nothing.</summary>
    public IEnumerable<FocusPairs> Pairs(Terms where)
    {
        var sides = (where & Terms.External) != 0 ? new[] { _outside } : (where & Terms.Internal) != 0 ? [_inside] : [_outside, _inside];
        return sides.Select(side => side.Value).OfType<FocusPairs>();
    }

    /// <summary>Whether there is an answer that would tell who began connections that meet some terms.</summary>
    public bool Has(Terms where) =>
        (where & (Terms.Started | Terms.Received)) != 0 ? Pairs(where).Any() : External is not null;

    /// <summary>The answers that count what meets some terms, and nothing else beside.</summary>
    public ConnectivityHalves Part(Terms where) => (where & Terms.External) == 0 ? Answers
        : IsExternalAlone ? new ConnectivityHalves { Both = External }
        : new ConnectivityHalves();

    public long? Bytes(Terms where) => ConnectivityParts.TotalBytes(Part(where)) ?? ((where & Terms.External) == 0
        ? null
        : ConnectivityParts.Named(Answers, answer => answer.IntExt)?.Where(side => IsExternal(side.Name)).Total(side => side.Bytes.Total));

    public bool IsFocus(ConnectivityDevice device) => Settings.FocusDid is { } did
        ? device.Did == did
        : device.Address.IsPresent && device.Address == Settings.FocusAddress;

    private static bool IsExternal(string side) => side.Equals("external", StringComparison.OrdinalIgnoreCase);

    private static FocusPairs? Half(Connectivity? answer, AnalysisSettings settings) =>
        answer is null ? null : new FocusPairs(answer, settings.FocusDid, settings.FocusAddress);

    private static InOut? Sum(List<(string Name, InOut Bytes)>? rows) =>
        rows is null ? null : new InOut(rows.Total(row => row.Bytes.In ?? 0), rows.Total(row => row.Bytes.Out ?? 0));
}
