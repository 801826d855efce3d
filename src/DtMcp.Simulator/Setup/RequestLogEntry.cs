namespace DtMcp.Simulator.Setup;

/// <summary>One request as it was answered. <see cref="Target"/> is path and query as sent; no header, so no token, is kept.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Target">Path and query exactly as they stood in the request line.</param>
/// <param name="Status">Status code; 0 when the connection was reset before one.</param>
/// <param name="Rows">Rows in the answer: connections, devices, series points.</param>
/// <param name="Bytes">Bytes of the body before compression.</param>
/// <param name="Milliseconds">From request to the end of the answer.</param>
public sealed record RequestLogEntry(string Method, string Target, int Status, long Rows, long Bytes, double Milliseconds);
