namespace DtMcp.Traffic.Questions;

/// <summary>How far a question has come: slices done of all, connections and bytes read so far, in a sentence.</summary>
public readonly record struct AskProgress(double Done, double? Total, long Connections, long Bytes, string Message);
